package io.shmipc.spring.listener;

import io.shmipc.spring.message.ErrorCodes;
import io.shmipc.spring.message.ErrorReplyException;
import io.shmipc.spring.message.WireMessage;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.messaging.handler.annotation.support.MethodArgumentTypeMismatchException;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;

/** What a caller is told about a failure: a code for its program, a text for its developer, and no stack trace. */
final class ErrorReplies {

    private static final int MAX_TEXT_CHARACTERS = 4_000;

    private ErrorReplies() {}

    /** Returns the failure itself, without what futures wrap around it. */
    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    static WireMessage of(WireMessage request, Throwable failure) {
        String text = text(failure);
        return WireMessage.error(
                request.correlation(),
                code(failure),
                text.length() > MAX_TEXT_CHARACTERS ? text.substring(0, MAX_TEXT_CHARACTERS) + "…" : text);
    }

    /** Returns whether the caller or the load is to blame rather than the method. */
    static boolean isExpected(Throwable failure) {
        return !code(failure).equals(ErrorCodes.FAILED);
    }

    /**
     * Returns the refusal of a request that does not hold what its method takes; the failure itself if that is not what it
     * says.
     */
    static Exception refused(Exception failure) {
        if (failure instanceof MethodArgumentNotValidException invalid) {
            BindingResult violations = invalid.getBindingResult();
            String text = violations == null ? text(invalid) : violations(violations);
            return new RefusedCallException(ErrorCodes.INVALID, text, invalid);
        }
        return isAboutTheRequest(failure)
                ? new RefusedCallException(ErrorCodes.BAD_REQUEST, text(failure), failure)
                : failure;
    }

    /** Returns the refusal of a call that an executor did not take. */
    static RefusedCallException overloaded(RejectedExecutionException rejection) {
        return new RefusedCallException(ErrorCodes.OVERLOADED, text(rejection), rejection);
    }

    private static boolean isAboutTheRequest(Exception failure) {
        return failure instanceof MessageConversionException
                || failure instanceof MethodArgumentTypeMismatchException
                || failure instanceof MethodArgumentResolutionException
                || failure instanceof InvalidMimeTypeException
                || failure.getClass() == MessageHandlingException.class;
    }

    private static String code(Throwable failure) {
        return failure instanceof ErrorReplyException chosen ? chosen.code() : ErrorCodes.FAILED;
    }

    private static String text(Throwable failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank() ? failure.getClass().getSimpleName() : text;
    }

    private static String violations(BindingResult result) {
        return result.getAllErrors().stream()
                .map(error -> (error instanceof FieldError field ? field.getField() : error.getObjectName()) + ": "
                        + error.getDefaultMessage())
                .collect(Collectors.joining("; "));
    }
}
