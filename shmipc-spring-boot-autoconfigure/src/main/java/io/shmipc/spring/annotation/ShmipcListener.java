package io.shmipc.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.messaging.handler.annotation.MessageMapping;

/**
 * Marks a method that is called when a message, or data of any kind, has arrived on a stream that a client opened.
 *
 * <p><b>A message method</b> takes a payload and returns the reply:
 *
 * <pre>{@code
 * @ShmipcListener(route = "greet")
 * Greeting greet(@Validated Person person, @Header("language") String language) {
 *     return new Greeting("Hello, " + person.name() + "!");
 * }
 * }</pre>
 *
 * <p>The payload may be a {@code byte[]}, a {@code ByteBuffer}, a {@code String}, anything that Jackson reads if it is
 * on the class path, or a {@code Message} of these. A {@code ByteBuffer} is a view of shared memory if the payload lies
 * there in one piece, for the method's thread until the method returns; afterwards it is empty. From JDK 22 on, its
 * duplicates and slices end with it, and throw; on older JDKs, and without permission for native access, they go on
 * reading memory that may hold other data by then, and nothing tells. {@code @Header} and
 * {@code @Headers} parameters work as elsewhere in Spring; {@code Session} and {@code Stream} tell who sent the
 * message. The method returns the reply, a {@code CompletableFuture} of it, or nothing: a caller who waits then gets an
 * empty reply. An exception becomes an error reply, is logged and counted, and ends nothing; an {@code
 * ErrorReplyException} says what the caller is told.
 *
 * <p>Several message methods share a listener, each with its own {@link #route}. A message that carries no route goes
 * to the method without one.
 *
 * <p><b>A stream method</b> takes any of {@code Stream}, {@code BufferReader}, {@code BufferWriter} and {@code
 * Session}, in any order, and returns nothing. It speaks a protocol of its own and is the only method of its listener:
 *
 * <pre>{@code
 * @ShmipcListener
 * void echo(BufferReader reader, Stream stream) {
 *     stream.bufferWriter().writeBytes(reader.readBytes(reader.length()));
 *     stream.flush();
 * }
 * }</pre>
 *
 * <p>A stream is bytes: one call may bring a part of a message, or several messages. A stream method that returns
 * without having read everything is called again with the rest when more arrives, and not before. What {@code
 * readBytes} and {@code peek} returned lies in shared memory and is valid until the method returns. That is not enforced,
 * on any JDK: who keeps it reads other data later, without an exception. Copy what is to stay. An exception is
 * logged and counted and closes that stream, nothing else. A stream that the peer closed is closed here as well, after
 * the method has seen everything that was sent.
 *
 * <p>Calls for one stream come in order and never overlap; different streams are served in parallel.
 *
 * <p>An annotation that is itself marked with this one stands for it, with the attributes that it sets or passes on
 * ({@code @AliasFor}).
 *
 * <p>All attributes resolve {@code ${…}} placeholders and {@code #{…}} expressions.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
@MessageMapping
public @interface ShmipcListener {

    /** The listener that is configured by {@code shmipc.server}. */
    String DEFAULT_LISTENER = "server";

    /** Name of this method among all that are annotated; by default the bean's name, a dot and the method's name. */
    String id() default "";

    /**
     * Name of the listener whose streams the method serves; by default the one that {@code shmipc.server} configures.
     */
    String listener() default DEFAULT_LISTENER;

    /** Route of the messages that the method handles; by default those that carry none. */
    String route() default "";

    /**
     * Name of the {@code StreamCodec} bean that says where a message ends; by default the application's, or the
     * envelope. Methods that share a listener share its codec.
     */
    String codec() default "";

    /** Name of the {@code ShmipcListenerErrorHandler} bean that sees what the method throws; by default none does. */
    String errorHandler() default "";

    /**
     * Name of the {@code Executor} bean that the message method runs on; by default the stream's own callback thread.
     * The stream's next message waits either way.
     */
    String executor() default "";

    /**
     * How many calls of the message method may be under way at once, a pending future included; by default
     * {@code shmipc.messages.concurrency}. Further messages wait in shared memory, without a thread, for their turn.
     */
    String concurrency() default "";

    /**
     * Whether the listener starts with the application: {@code true} or {@code false}. If any of its methods says
     * false, it waits until it is started through the registry; until then neither health nor readiness misses it.
     */
    String autoStartup() default "";
}
