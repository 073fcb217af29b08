package io.shmipc.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.client.SessionManager;
import io.shmipc.slice.Desks.Archive;
import io.shmipc.slice.Desks.Echo;
import io.shmipc.slice.Desks.Greeter;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcTemplateAutoConfiguration;
import io.shmipc.spring.boot.test.autoconfigure.ShmipcTest;
import io.shmipc.spring.client.ShmipcOperations;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/** What a slice holds, as its attributes choose. */
@Timeout(60)
class ShmipcTestTests {

    private static List<Class<?>> desks(ApplicationContext context) {
        return Stream.<Class<?>>of(Greeter.class, Echo.class, Archive.class)
                .filter(desk -> context.getBeanNamesForType(desk).length == 1)
                .toList();
    }

    @Nested
    @ShmipcTest
    class WithoutAttributes {

        @Test
        void allHandlersAndNothingElseAreThere(
                @Autowired ApplicationContext context, @Autowired ShmipcOperations shmipc) {
            assertThat(desks(context)).containsExactly(Greeter.class, Echo.class);
            assertThat(shmipc.convertSendAndReceive("greet", "Ada", String.class))
                    .isEqualTo("Hello, Ada");
            assertThat(shmipc.convertSendAndReceive("echo", "Ada", String.class))
                    .isEqualTo("Ada");
        }
    }

    @Nested
    @ShmipcTest(listeners = Echo.class)
    class WithListeners {

        @Test
        void onlyTheNamedHandlersAreThere(@Autowired ApplicationContext context) {
            assertThat(desks(context)).containsExactly(Echo.class);
        }
    }

    @Nested
    @ShmipcTest(includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Archive.class))
    class WithIncludeFilters {

        @Test
        void whatTheyFindIsThereBesides(@Autowired ApplicationContext context) {
            assertThat(desks(context)).containsExactly(Greeter.class, Echo.class, Archive.class);
        }
    }

    @Nested
    @ShmipcTest(excludeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Greeter.class))
    class WithExcludeFilters {

        @Test
        void whatTheyFindIsLeftOut(@Autowired ApplicationContext context) {
            assertThat(desks(context)).containsExactly(Echo.class);
        }
    }

    @Nested
    @ShmipcTest(
            useDefaultFilters = false,
            includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Archive.class))
    class WithoutDefaultFilters {

        @Test
        void onlyWhatIncludeFiltersFindIsThere(@Autowired ApplicationContext context) {
            assertThat(desks(context)).containsExactly(Archive.class);
        }
    }

    @Nested
    @ShmipcTest(properties = "office.floor=7")
    class WithProperties {

        @Test
        void theyAreInTheEnvironment(@Value("${office.floor}") int floor) {
            assertThat(floor).isEqualTo(7);
        }
    }

    @Nested
    @ShmipcTest(excludeAutoConfiguration = ShmipcTemplateAutoConfiguration.class)
    class WithExcludedAutoConfiguration {

        @Test
        void itsBeansAreNotThere(@Autowired ApplicationContext context) {
            assertThat(context.getBeansOfType(SessionManager.class)).isNotEmpty();
            assertThat(context.getBeansOfType(ShmipcOperations.class)).isEmpty();
        }
    }
}
