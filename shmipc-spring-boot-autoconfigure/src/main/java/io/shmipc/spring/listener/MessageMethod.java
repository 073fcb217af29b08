package io.shmipc.spring.listener;

import io.shmipc.Stream;
import io.shmipc.spring.message.MessageConversion;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * Calls one message method: on its executor, within its bound of concurrent calls, with the interceptors around it.
 *
 * <p><b>Threads:</b> any, as many at a time as streams are served.
 */
final class MessageMethod {

    private final ListenerEndpoint endpoint;
    private final InvocableHandlerMethod method;
    private final StreamCodec codec;
    private final MessageSettings settings;
    private final @Nullable ShmipcListenerErrorHandler errorHandler;
    private final @Nullable Executor executor;
    private final CallPermits permits;
    private final boolean takesView;

    MessageMethod(
            ListenerEndpoint endpoint,
            InvocableHandlerMethod method,
            StreamCodec codec,
            MessageSettings settings,
            @Nullable ShmipcListenerErrorHandler errorHandler,
            @Nullable Executor executor,
            int concurrency) {
        this.endpoint = endpoint;
        this.method = method;
        this.codec = codec;
        this.settings = settings;
        this.errorHandler = errorHandler;
        this.executor = executor;
        this.permits = new CallPermits(concurrency);
        this.takesView = PayloadView.isTakenBy(method);
    }

    ListenerEndpoint endpoint() {
        return endpoint;
    }

    StreamCodec codec() {
        return codec;
    }

    MessageConversion conversion() {
        return settings.conversion();
    }

    /** Returns what bounds the calls under way; one has ended with its future. */
    CallPermits permits() {
        return permits;
    }

    /** Returns the message as this method needs it: in shared memory for a view, else on the heap. */
    WireMessage prepare(WireMessage request) {
        return takesView ? request : request.detached();
    }

    /**
     * Calls the method and waits until it returns.
     *
     * @param request what {@link #prepare} returned
     * @return what it returned; a {@code CompletionStage} may be pending still
     * @throws RefusedCallException if the request or the executor did not let it be called
     * @throws Throwable what it threw
     */
    @Nullable
    Object call(WireMessage request, Stream stream) throws Throwable {
        return onExecutor(() -> takesView
                ? callWithView(request, stream)
                : answered(message(request.payload().array(), request, stream)));
    }

    private @Nullable Object callWithView(WireMessage request, Stream stream) throws Exception {
        try (PayloadView view = PayloadView.of(request.payload())) {
            Object result = answered(message(view.buffer(), request, stream));
            // It may be a part of the view, which is about to end.
            return result instanceof ByteBuffer buffer ? copy(buffer) : result;
        }
    }

    /**
     * Lets the error handler decide about a failed call.
     *
     * @return what it wants the caller to get
     * @throws Throwable what is to be reported; the failure itself if there is no handler
     */
    @Nullable
    Object recover(WireMessage request, Stream stream, Throwable failure) throws Throwable {
        if (errorHandler == null) {
            throw failure;
        }
        Object payload = takesView ? ByteBuffer.allocate(0) : request.payload().array();
        return errorHandler.handleError(message(payload, request, stream), failure);
    }

    private static StreamMessage message(Object payload, WireMessage request, Stream stream) {
        return new StreamMessage(payload, MessageConversion.headers(request), stream);
    }

    private @Nullable Object onExecutor(Callable<@Nullable Object> call) throws Throwable {
        if (executor == null) {
            return call.call();
        }
        FutureTask<@Nullable Object> task = new FutureTask<>(call);
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            throw ErrorReplies.overloaded(e);
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private @Nullable Object answered(StreamMessage message) throws Exception {
        try {
            return intercepted(0, message);
        } catch (Exception e) {
            throw message.isRefusedBy(e) ? ErrorReplies.refused(e) : e;
        }
    }

    private @Nullable Object intercepted(int next, Message<?> message) throws Exception {
        return next == settings.interceptors().size()
                ? method.invoke(message)
                : settings.interceptors().get(next).intercept(endpoint, message, () -> intercepted(next + 1, message));
    }

    private static ByteBuffer copy(ByteBuffer buffer) {
        return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
    }
}
