package io.shmipc.spring.client;

/** Changes a template after the properties were applied; ordered beans come in their order. */
@FunctionalInterface
public interface ShmipcTemplateCustomizer {

    /**
     * Changes what it likes.
     *
     * @param name the client's name, below {@code shmipc.clients} or {@code shmipc} for the one of {@code
     *     shmipc.client}
     * @param template what is being built
     */
    void customize(String name, ShmipcTemplate.Builder template);
}
