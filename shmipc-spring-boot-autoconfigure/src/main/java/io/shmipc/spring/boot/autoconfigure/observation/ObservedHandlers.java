package io.shmipc.spring.boot.autoconfigure.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.shmipc.spring.listener.ListenerEndpoint;
import io.shmipc.spring.listener.MessageHandlerInterceptor;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * Observes what message methods do, as a part of the caller's trace.
 *
 * <p>The method runs within the observation's scope; the future that it may return ends the observation.
 */
final class ObservedHandlers implements MessageHandlerInterceptor {

    private static final ShmipcHandleObservationConvention DEFAULT = new DefaultShmipcHandleObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable ShmipcHandleObservationConvention convention;

    ObservedHandlers(ObservationRegistry registry, @Nullable ShmipcHandleObservationConvention convention) {
        this.registry = registry;
        this.convention = convention;
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // an Error is observed and thrown on as well
    public @Nullable Object intercept(ListenerEndpoint endpoint, Message<?> request, Call call) throws Exception {
        Observation observation = ShmipcObservation.HANDLE.start(
                convention, DEFAULT, () -> new ShmipcHandleContext(endpoint, request.getHeaders()), registry);
        Object result;
        try (Observation.Scope unused = observation.openScope()) {
            result = call.proceed();
        } catch (Throwable failure) {
            end(observation, failure);
            throw failure;
        }
        if (result instanceof CompletionStage<?> stage) {
            return stage.whenComplete((value, failure) -> end(observation, failure));
        }
        observation.stop();
        return result;
    }

    private static void end(Observation observation, @Nullable Throwable failure) {
        if (failure != null) {
            observation.error(
                    failure instanceof CompletionException wrapper && wrapper.getCause() != null
                            ? wrapper.getCause()
                            : failure);
        }
        observation.stop();
    }
}
