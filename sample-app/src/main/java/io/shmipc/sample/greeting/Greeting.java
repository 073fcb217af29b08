package io.shmipc.sample.greeting;

/**
 * A greeting; it travels as JSON, like any object that Jackson knows.
 *
 * @param text the greeting itself
 * @param processId the process that wrote it
 */
public record Greeting(String text, long processId) {}
