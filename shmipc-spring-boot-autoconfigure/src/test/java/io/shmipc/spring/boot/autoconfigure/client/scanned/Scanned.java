package io.shmipc.spring.boot.autoconfigure.client.scanned;

import io.shmipc.spring.client.ShmipcExchange;

/** Is found because a method carries the annotation. */
public interface Scanned {

    @ShmipcExchange("plain")
    String plain(String payload);
}
