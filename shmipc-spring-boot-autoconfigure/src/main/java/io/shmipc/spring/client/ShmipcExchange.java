package io.shmipc.spring.client;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Marks a method of an interface that calls a route; {@link ImportShmipcClients} makes a bean of the interface.
 *
 * <pre>{@code
 * @ShmipcExchange("stock.")
 * interface Stock {
 *
 *     @ShmipcExchange("level")
 *     int level(String article, @Header("warehouse") String warehouse);
 *
 *     @ShmipcExchange(route = "reserve", timeout = "200ms")
 *     CompletableFuture<Reservation> reserve(Order order);
 *
 *     @ShmipcExchange("sold")
 *     void sold(Order order);
 * }
 * }</pre>
 *
 * <p>One parameter is the payload: the one with {@code @Payload}, else the one without an annotation; there may be
 * none. {@code @Header} parameters go along, and {@code @Headers} ones, which are maps. What the method returns is the
 * reply; {@code CompletableFuture} or {@code CompletionStage} do not wait for it. A {@code void} method sends and
 * expects no reply, not even an error: return {@code CompletableFuture<Void>} to know when it was handled.
 *
 * <p>On an interface, the route is a prefix of the routes of its methods, and the timeout their default. All attributes
 * resolve {@code ${…}} placeholders and {@code #{…}} expressions.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface ShmipcExchange {

    /** An alias for {@link #route()}. */
    @AliasFor("route")
    String value() default "";

    /** Which route of the listener the method calls; by default the method that has none. */
    @AliasFor("value")
    String route() default "";

    /** How long a call may take, such as {@code 200ms}; by default what the template's calls may. */
    String timeout() default "";
}
