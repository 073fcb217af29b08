package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.listener.ShmipcListenerErrorHandler;
import io.shmipc.spring.message.ErrorReplyException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

/** Message methods of every kind, and the beans that they name. */
class MessageHandlers {

    final BlockingQueue<String> notes = new LinkedBlockingQueue<>();
    volatile @Nullable ByteBuffer kept;

    @ShmipcListener(route = "text")
    String text(String name) {
        return "Hello, " + name + "!";
    }

    @ShmipcListener(route = "bytes")
    byte[] bytes(byte[] payload) {
        byte[] reversed = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            reversed[payload.length - 1 - i] = payload[i];
        }
        return reversed;
    }

    @ShmipcListener(route = "view")
    ByteBuffer view(ByteBuffer payload) {
        return payload.position(1);
    }

    @ShmipcListener(route = "keep")
    void keep(ByteBuffer payload) {
        assertThat(payload.remaining()).isEqualTo(6);
        kept = payload;
    }

    @ShmipcListener(route = "older")
    Person older(@Validated @Payload Person person) {
        return new Person(person.name(), person.age() + 1);
    }

    @ShmipcListener(route = "people")
    List<Person> people(List<Person> people) {
        Person first = people.get(0);
        return List.of(first, first);
    }

    @ShmipcListener(route = "headers")
    Message<String> headers(@Header("language") String language, @Header int count, @Headers Map<String, Object> all) {
        return MessageBuilder.withPayload(language + " " + count + " "
                        + all.keySet().stream().sorted().toList())
                .setHeader("answered", "yes")
                .build();
    }

    @ShmipcListener(route = "who")
    String who(Session session, Stream stream) {
        return "stream " + stream.id() + " of " + session.id();
    }

    @ShmipcListener
    String without(Message<String> message) {
        return "without a route: " + message.getPayload();
    }

    @ShmipcListener(route = "${test.route}")
    String fromProperty(String payload) {
        return "from a property: " + payload;
    }

    @ShmipcListener(route = "nothing")
    void nothing(String payload) {}

    @ShmipcListener(route = "null")
    @Nullable
    Person nullPerson(String payload) {
        return null;
    }

    @ShmipcListener(route = "later")
    CompletableFuture<String> later(String payload) {
        return CompletableFuture.supplyAsync(() -> {
            if (payload.equals("fail")) {
                throw new IllegalStateException("too late");
            }
            return "later: " + payload;
        });
    }

    @ShmipcListener(route = "note")
    String note(String note) {
        if (note.equals("fail")) {
            throw new IllegalStateException("an unwanted note");
        }
        notes.add(note);
        return "nobody gets this";
    }

    @ShmipcListener(route = "failing")
    String failing(String payload) {
        throw new IllegalStateException("broken by " + payload);
    }

    @ShmipcListener(route = "converting")
    String converting(String payload) {
        throw new MessageConversionException("cannot convert what " + payload + " asked others for");
    }

    @ShmipcListener(route = "full")
    String full(String payload) {
        throw new RejectedExecutionException("no threads for " + payload);
    }

    @ShmipcListener(route = "full-later")
    CompletableFuture<String> fullLater(String payload) {
        return CompletableFuture.failedFuture(new RejectedExecutionException("no threads for " + payload));
    }

    @ShmipcListener(route = "choosing-later")
    CompletableFuture<String> choosingLater(String payload) {
        return CompletableFuture.supplyAsync(() -> {
            throw new ErrorReplyException("sold-out", "There is no " + payload + " left.");
        });
    }

    @ShmipcListener(route = "passing-on", errorHandler = "passesOn")
    Person passingOn(@Validated @Payload Person person) {
        throw new MessageConversionException("cannot convert " + person);
    }

    @ShmipcListener(route = "handled", errorHandler = "apologies")
    String handled(String payload) {
        throw new IllegalStateException("broken by " + payload);
    }

    @ShmipcListener(route = "choosing")
    String choosing(String payload) {
        throw new ErrorReplyException("sold-out", "There is no " + payload + " left.");
    }

    @ShmipcListener(route = "unsendable")
    Object unsendable(String payload) {
        return new Unreadable("value");
    }

    @ShmipcListener(route = "huge")
    byte[] huge(String payload) {
        return new byte[17_000_000];
    }

    @ShmipcListener(route = "on-executor", executor = "#{'work' + 'ers'}")
    String onExecutor(String payload) {
        return Thread.currentThread().getName();
    }

    @ShmipcListener(route = "rejected", executor = "closed")
    String rejected(String payload) {
        return "never";
    }

    record Person(String name, int age) {}

    record Unreadable(String value) {

        @Override
        public String value() {
            throw new IllegalStateException("no value");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {

        @Bean
        Executor workers() {
            return new SimpleAsyncTaskExecutor("worker-");
        }

        @Bean
        Executor closed() {
            return task -> {
                throw new RejectedExecutionException("no threads today");
            };
        }

        @Bean
        ShmipcListenerErrorHandler apologies() {
            return (request, failure) -> {
                String payload = new String((byte[]) request.getPayload(), StandardCharsets.UTF_8);
                if (payload.equals("worse")) {
                    throw new IllegalStateException("the handler failed, too");
                }
                return "sorry about " + payload + ": " + failure.getMessage();
            };
        }

        @Bean
        ShmipcListenerErrorHandler passesOn() {
            return (request, failure) -> {
                // Handlers see what failed, and not how that is reported.
                assertThat(failure).isInstanceOf(MessagingException.class);
                throw (MessagingException) failure;
            };
        }

        @Bean
        Validator validator() {
            return new Validator() {
                @Override
                public boolean supports(Class<?> type) {
                    return type == Person.class;
                }

                @Override
                public void validate(Object target, Errors errors) {
                    if (((Person) target).age() < 0) {
                        errors.rejectValue("age", "negative", "must not be negative");
                    }
                }
            };
        }
    }
}
