package io.shmipc.spring.boot.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Tests an application's shmipc half alone: its components with {@code @ShmipcListener} methods, on temporary
 * addresses, with clients to call them.
 *
 * <pre>{@code
 * @ShmipcTest
 * class PriceHandlerTests {
 *
 *     @Autowired
 *     private ShmipcOperations shmipc;
 *
 *     @Test
 *     void knowsThePriceOfTea() {
 *         assertThat(shmipc.convertSendAndReceive("price", "tea", Price.class).amount()).isEqualTo(3);
 *     }
 * }
 * }</pre>
 *
 * <p>Scanned components are those that declare a {@code @ShmipcListener} method, and implementations of shmipc's
 * extension points: codecs, error handlers, interceptors and customizers. Others come with {@code @Import}, {@code
 * @MockitoBean} or {@link #includeFilters()}, also {@code @Configuration} classes, which no slice scans: without those
 * that make what a handler needs, the context does not start.
 *
 * <p>Auto-configured are shmipc and, where they are on the class path, Jackson and validation.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(ShmipcTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(ShmipcTypeExcludeFilter.class)
@AutoConfigureShmipc
@ImportAutoConfiguration
public @interface ShmipcTest {

    /** Properties to add, as {@code key=value}. */
    String[] properties() default {};

    /** The components with {@code @ShmipcListener} methods to test; by default all that are found. */
    @AliasFor("listeners")
    Class<?>[] value() default {};

    /** The components with {@code @ShmipcListener} methods to test; by default all that are found. */
    @AliasFor("value")
    Class<?>[] listeners() default {};

    /** Whether components are chosen as described; otherwise only by {@link #includeFilters()}. */
    boolean useDefaultFilters() default true;

    /** Components to scan besides. */
    Filter[] includeFilters() default {};

    /** Components to leave out. */
    Filter[] excludeFilters() default {};

    /** Auto-configurations to leave out. */
    @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
    Class<?>[] excludeAutoConfiguration() default {};
}
