package io.shmipc.spring.listener;

import io.shmipc.spring.annotation.ShmipcListener;

/**
 * What an annotation says about how its method is called, with placeholders and expressions resolved; an empty string
 * stands for the default.
 *
 * @param route which messages the method handles
 * @param codec name of the codec's bean
 * @param errorHandler name of the error handler's bean
 * @param executor name of the executor's bean
 * @param concurrency how many calls may be under way at once
 * @param autoStartup whether the listener starts with the application
 * @see ShmipcListener
 */
public record ListenerAttributes(
        String route, String codec, String errorHandler, String executor, String concurrency, String autoStartup) {

    /** Nothing but defaults. */
    public static final ListenerAttributes DEFAULTS = new ListenerAttributes("", "", "", "", "", "");

    /** Returns whether any of them has a meaning for message methods only. */
    boolean areForMessages() {
        return !(route + codec + errorHandler + executor + concurrency).isEmpty();
    }
}
