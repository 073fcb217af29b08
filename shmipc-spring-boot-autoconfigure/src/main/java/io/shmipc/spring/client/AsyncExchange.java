package io.shmipc.spring.client;

import io.shmipc.BufferReader;
import io.shmipc.Reason;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.StreamClosedException;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A call whose reply nobody waits for on a thread; its stream is closed when it is completed, however that happens.
 *
 * <p><b>Threads:</b> any completes it, the stream's callback thread with the reply.
 */
final class AsyncExchange extends CompletableFuture<WireMessage> implements StreamCallbacks {

    private final StreamCodec codec;
    private final UnaryOperator<WireMessage> verification;
    private volatile @Nullable Stream current;

    /**
     * @param verification returns a reply that is one, or throws what the call fails with
     */
    AsyncExchange(StreamCodec codec, UnaryOperator<WireMessage> verification) {
        this.codec = codec;
        this.verification = verification;
        CompletableFuture<WireMessage> unused = whenComplete((reply, failure) -> closeStream());
    }

    /** Waits for the reply on the stream that the request was sent on. */
    void await(Stream stream) {
        current = stream;
        stream.setCallbacks(this);
        if (isDone()) {
            closeStream();
        }
    }

    @Override
    public void onData(BufferReader reader) {
        try {
            if (codec.isComplete(reader)) {
                complete(verification.apply(codec.decode(reader).detached()));
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
    }

    private void lost() {
        completeExceptionally(new StreamClosedException(
                Reason.END_OF_STREAM, "The listener closed the stream, or its session ended, before it replied."));
    }

    private void closeStream() {
        Stream stream = current;
        if (stream != null) {
            stream.close();
        }
    }
}
