package io.shmipc.guide;

import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.listener.ShmipcListenerErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** What a method's exception becomes. */
@Configuration
class Fallbacks {

    @Bean
    ShmipcListenerErrorHandler nothingInStock() {
        return (request, failure) -> {
            if (failure instanceof IllegalStateException) {
                return 0;
            }
            throw failure instanceof Exception known ? known : new IllegalStateException(failure);
        };
    }

    @Component
    static class Shelf {

        @ShmipcListener(route = "shelf", errorHandler = "nothingInStock")
        int shelf(Article article) {
            throw new IllegalStateException("The shelf of '" + article.name() + "' has no scales.");
        }
    }
}
