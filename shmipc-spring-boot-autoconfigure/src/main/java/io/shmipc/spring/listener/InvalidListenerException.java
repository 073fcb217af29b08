package io.shmipc.spring.listener;

import java.io.Serial;

/** A listener or its method is declared in a way that cannot work; says what is wrong and what to do about it. */
public class InvalidListenerException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String remedy;

    /**
     * @param problem what is wrong, as sentences
     * @param remedy what to do, as sentences
     */
    public InvalidListenerException(String problem, String remedy) {
        super(problem + " " + remedy);
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
