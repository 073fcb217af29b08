package io.shmipc.spring.annotation;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A listener, a method or an interface of a client is declared in a way that cannot work; says what is wrong and what to do
 * about it.
 */
public class InvalidDeclarationException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String remedy;

    /**
     * @param problem what is wrong, as sentences
     * @param remedy what to do, as sentences
     */
    public InvalidDeclarationException(String problem, String remedy) {
        this(problem, remedy, null);
    }

    /**
     * @param problem what is wrong, as sentences
     * @param remedy what to do, as sentences
     * @param cause what was met, if anything was
     */
    public InvalidDeclarationException(String problem, String remedy, @Nullable Throwable cause) {
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
