package io.shmipc;

import java.io.Serial;

/** A configured value breaks its rule; names the property, the value, the rule and the remedy. */
public class InvalidConfigException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String property;
    private final String value;
    private final String remedy;

    /**
     * @param property name of the setting, in the camel case of the builder's method
     * @param value the refused value as text
     * @param rule what a value must satisfy, as the end of a sentence that begins with "it must"
     * @param remedy what to do, as one sentence without its full stop
     */
    public InvalidConfigException(String property, String value, String rule, String remedy) {
        super(Reason.INVALID_CONFIGURATION, property + " is " + value + ": it must " + rule + ". " + remedy + ".");
        this.property = property;
        this.value = value;
        this.remedy = remedy;
    }

    /** Returns the setting's name, as the builder's method. */
    public String property() {
        return property;
    }

    /** Returns the refused value as text. */
    public String value() {
        return value;
    }

    /** Returns what to do about it. */
    public String remedy() {
        return remedy;
    }
}
