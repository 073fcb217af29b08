package io.shmipc.spring.client;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AliasFor;

/**
 * Makes beans of interfaces with {@link ShmipcExchange} methods; for configuration classes.
 *
 * <pre>{@code
 * @Configuration
 * @ImportShmipcClients(Stock.class)
 * @ImportShmipcClients(basePackages = "com.example.orders", client = "orders")
 * class Clients {}
 * }</pre>
 *
 * <p>Where the application is processed ahead of time, the interfaces are public: generated code names them.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(ImportShmipcClients.Container.class)
@Import(ShmipcClientRegistrar.class)
public @interface ImportShmipcClients {

    /** An alias for {@link #types()}. */
    @AliasFor("types")
    Class<?>[] value() default {};

    /** The interfaces. */
    @AliasFor("value")
    Class<?>[] types() default {};

    /** Packages to search for interfaces with {@link ShmipcExchange} on them or on their methods. */
    String[] basePackages() default {};

    /** Classes whose packages are searched like {@link #basePackages()}. */
    Class<?>[] basePackageClasses() default {};

    /**
     * Which client they call through: the qualifier or the bean name of its template; by default the only or primary
     * one. A client below {@code shmipc.clients} has its name for a qualifier; the client of a session manager that the
     * application declares itself, the manager's qualifier or else bean name. The beans carry it as their qualifier.
     * Placeholders are resolved.
     */
    String client() default "";

    /** Holds several of the annotations; not to be used itself. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @Documented
    @Import(ShmipcClientRegistrar.class)
    @interface Container {

        /** The annotations. */
        ImportShmipcClients[] value();
    }
}
