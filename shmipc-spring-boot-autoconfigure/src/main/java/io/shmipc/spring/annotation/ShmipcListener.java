package io.shmipc.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Marks a method that is called whenever data has arrived on a stream that a client opened.
 *
 * <p>The method takes any of {@code Stream}, {@code BufferReader}, {@code BufferWriter} and {@code Session}, in any
 * order, and returns nothing:
 *
 * <pre>{@code
 * @ShmipcListener
 * void echo(BufferReader reader, Stream stream) {
 *     stream.bufferWriter().writeBytes(reader.readBytes(reader.length()));
 *     stream.flush();
 * }
 * }</pre>
 *
 * <p>A stream is bytes: one call may bring a part of a message, or several messages. A method that returns without
 * having read everything is called again with the rest when more arrives, and not before. What {@code readBytes} and
 * {@code peek} returned lies in shared memory and is valid until the method returns.
 *
 * <p>Calls for one stream come in order and never overlap; different streams are served in parallel. An exception is
 * logged and counted and closes that stream, nothing else. A stream that the peer closed is closed here as well, after
 * the method has seen everything that was sent.
 *
 * <p>One method can be the stream method of a listener; a second one makes start-up fail.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface ShmipcListener {

    /** The listener that is configured by {@code shmipc.server}. */
    String DEFAULT_LISTENER = "server";

    /** Name of this method among all that are annotated; by default the bean's name, a dot and the method's name. */
    String id() default "";

    /**
     * Name of the listener whose streams the method serves; by default the one that {@code shmipc.server} configures.
     */
    String listener() default DEFAULT_LISTENER;
}
