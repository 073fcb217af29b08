package io.shmipc.spring.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * An interface with {@link ShmipcExchange} methods cannot work, or names a client that does not exist; says what is wrong
 * and what to do about it.
 */
public class InvalidClientException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String remedy;

    /**
     * @param problem what is wrong, as sentences
     * @param remedy what to do, as sentences
     * @param cause what was met, if anything was
     */
    public InvalidClientException(String problem, String remedy, @Nullable Throwable cause) {
        super(problem + " " + remedy, cause);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** Returns what is wrong. */
    public String problem() {
        return problem;
    }

    /** Returns what to do about it. */
    public String remedy() {
        return remedy;
    }
}
