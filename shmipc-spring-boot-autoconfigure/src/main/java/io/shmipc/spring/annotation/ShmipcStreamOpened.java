package io.shmipc.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Marks a method that is called when a client has opened a stream, before what it sent is handled.
 *
 * <pre>{@code
 * @ShmipcStreamOpened(listener = "echo")
 * void onOpened(Stream stream) {
 *     greet(stream);
 * }
 * }</pre>
 *
 * <p>It takes any of {@code Stream}, {@code Session} and {@code BufferWriter}, and returns nothing. A stream exists for
 * a listener from the first bytes that arrive, so that the call comes with them, on the thread that handles them. An
 * exception closes the stream; nothing of it is handled then.
 *
 * <p>It is a companion of the listener's {@link ShmipcListener} methods, and does not make a listener start by itself.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface ShmipcStreamOpened {

    /** Name of the listener; by default the one that {@code shmipc.server} configures. Placeholders are resolved. */
    String listener() default ShmipcListener.DEFAULT_LISTENER;
}
