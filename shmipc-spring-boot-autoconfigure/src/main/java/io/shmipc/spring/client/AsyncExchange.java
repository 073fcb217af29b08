package io.shmipc.spring.client;

import io.shmipc.BufferReader;
import io.shmipc.Reason;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.StreamClosedException;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A call whose reply nobody waits for on a thread; its stream is closed when it is completed, however that happens.
 *
 * <p><b>Threads:</b> any completes it, the stream's callback thread with the reply.
 */
final class AsyncExchange extends CompletableFuture<WireMessage> {

    /** Decides what a message that came back on the request's stream means. */
    interface Verification {

        /**
         * Returns the reply, or null if it is none and the request was sent over another stream.
         *
         * @throws RuntimeException which the call fails with
         */
        @Nullable
        WireMessage verify(AsyncExchange exchange, Stream stream, WireMessage message);
    }

    private final StreamCodec codec;
    private final Verification verification;
    private volatile @Nullable Stream current;

    AsyncExchange(StreamCodec codec, Verification verification) {
        this.codec = codec;
        this.verification = verification;
        CompletableFuture<WireMessage> unused = whenComplete((reply, failure) -> closeStream());
    }

    /** Waits for the reply on the stream that the request was sent on. */
    void await(Stream stream) {
        current = stream;
        stream.setCallbacks(new Reply(stream));
        if (isDone()) {
            closeStream();
        }
    }

    private void closeStream() {
        Stream stream = current;
        if (stream != null) {
            stream.close();
        }
    }

    /** What comes back on one stream; one message does, of which the stream ends. */
    private final class Reply implements StreamCallbacks {

        private final Stream stream;
        private boolean sentElsewhere;

        Reply(Stream stream) {
            this.stream = stream;
        }

        @Override
        public void onData(BufferReader reader) {
            try {
                if (codec.isComplete(reader)) {
                    WireMessage reply = verification.verify(
                            AsyncExchange.this, stream, codec.decode(reader).detached());
                    if (reply == null) {
                        sentElsewhere = true;
                    } else {
                        complete(reply);
                    }
                    stream.close();
                }
            } catch (RuntimeException e) {
                completeExceptionally(e);
            }
        }

        @Override
        public void onLocalClose() {
            lost();
        }

        @Override
        public void onRemoteClose() {
            lost();
            stream.close();
        }

        private void lost() {
            if (!sentElsewhere) {
                completeExceptionally(new StreamClosedException(
                        Reason.END_OF_STREAM,
                        "The listener closed the stream, or its session ended, before it replied."));
            }
        }
    }
}
