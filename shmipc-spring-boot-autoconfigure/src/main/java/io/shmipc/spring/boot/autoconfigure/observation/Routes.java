package io.shmipc.spring.boot.autoconfigure.observation;

/** How routes are written as the value of a key, which must not be empty. */
final class Routes {

    private static final String NONE = "none";

    private Routes() {}

    static String named(String route) {
        return route.isEmpty() ? NONE : route;
    }
}
