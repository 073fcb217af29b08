package io.shmipc.spring.message;

/** The codes that listeners answer failed requests with; an application may add its own. */
public final class ErrorCodes {

    /** No method of the listener serves the route. */
    public static final String UNKNOWN_ROUTE = "unknown-route";

    /** The bytes are no message; the stream is closed. Correlation 0, as it is not known which request it was. */
    public static final String MALFORMED = "malformed";

    /** The payload or a header cannot be converted to what the method takes, or is missing. */
    public static final String BAD_REQUEST = "bad-request";

    /** The payload was converted, but validation refused it. */
    public static final String INVALID = "invalid";

    /** The method threw an exception. */
    public static final String FAILED = "failed";

    /** The executor of the method takes no more calls now. */
    public static final String OVERLOADED = "overloaded";

    /** The listener is stopping; the request was not handled. */
    public static final String UNAVAILABLE = "unavailable";

    /** The reply is larger than a message may be. */
    public static final String TOO_LARGE = "too-large";

    private ErrorCodes() {}
}
