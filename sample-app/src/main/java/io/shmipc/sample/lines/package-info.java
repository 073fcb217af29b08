/**
 * The code to copy for a message format of one's own: a StreamCodec says where a message ends, the handler is as usual.
 * LineHandler names the codec; the listener is configured by shmipc.listeners.lines.
 * Peers in other languages need nothing but their own shmipc: sample-app/go is one.
 */
@NullMarked
package io.shmipc.sample.lines;

import org.jspecify.annotations.NullMarked;
