package io.shmipc.spring.boot.autoconfigure.diagnostics;

import java.io.Serial;

/** The application runs with a Spring Boot that is too old for shmipc. */
final class WrongBootGenerationException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    WrongBootGenerationException(String version) {
        super("shmipc needs Spring Boot 4.1 or newer; this application runs with " + version + ".");
    }
}
