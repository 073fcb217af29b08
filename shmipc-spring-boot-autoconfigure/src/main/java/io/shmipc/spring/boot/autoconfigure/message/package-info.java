/**
 * What listeners and clients need to exchange messages: the codec, the converters, the limits.
 * Users begin with shmipc.messages.max-size, or with a customizer of the converters.
 * Middle floor: server and client import it; it imports neither of them.
 * Every bean gives way to the application's own; without Jackson there are bytes and texts.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.message;

import org.jspecify.annotations.NullMarked;
