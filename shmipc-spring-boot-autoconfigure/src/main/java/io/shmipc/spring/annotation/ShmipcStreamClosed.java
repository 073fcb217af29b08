package io.shmipc.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Marks a method that is called when a stream is over, after everything that was sent was handled: the client closed
 * it, the session ended, or this side closed it.
 *
 * <pre>{@code
 * @ShmipcStreamClosed(listener = "echo")
 * void onClosed(Stream stream) {
 *     forget(stream.id());
 * }
 * }</pre>
 *
 * <p>It takes any of {@code Stream} and {@code Session}, and returns nothing. It is called once for each stream that
 * was opened, on the thread that handled its data.
 *
 * <p>It is a companion of the listener's {@link ShmipcListener} methods, and does not make a listener start by itself.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface ShmipcStreamClosed {

    /** Name of the listener; by default the one that {@code shmipc.server} configures. Placeholders are resolved. */
    String listener() default ShmipcListener.DEFAULT_LISTENER;
}
