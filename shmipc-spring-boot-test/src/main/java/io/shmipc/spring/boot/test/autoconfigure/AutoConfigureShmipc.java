package io.shmipc.spring.boot.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Gives the listeners and clients of a test's application temporary addresses, whatever addresses are configured.
 *
 * <p>The listener of {@code shmipc.server} and the client of {@code shmipc.client} get one address, and so do a
 * listener and a client of one name. Both exist in the test if the application has one of them:
 *
 * <ul>
 *   <li>A test of {@code @ShmipcListener} methods calls them through the client, usually with a {@code
 * ShmipcOperations}.
 *   <li>A test of what calls another application declares {@code @ShmipcListener} methods that stand in for it.
 * </ul>
 *
 * <p>An application without any address gets the two unnamed ones. Clients do not fail fast, because the listener
 * starts after them; the context is ready when they have met. Listeners let in the user who runs the test. Everything
 * else is as configured.
 *
 * <p>It stands beside {@code @SpringBootTest} or any slice; {@link ShmipcTest} includes it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureShmipc {}
