/**
 * Messages on a stream of bytes: the codec that says where one ends, and the conversion of what it carries.
 * Begin with StreamCodec; EnvelopeCodec is the project's own format, described byte by byte in docs/envelope.md.
 * Ground floor: imports shmipc's contracts and Spring Messaging; listeners and clients share it.
 * Changing a number of the envelope breaks peers in other languages.
 */
@NullMarked
package io.shmipc.spring.message;

import org.jspecify.annotations.NullMarked;
