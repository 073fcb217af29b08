package io.shmipc.spring.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

class MessageConversionTests {

    private final MessageConversion conversion = new MessageConversion(List.of());

    @Test
    void aMessageThatIsForwardedCarriesTheTraceOfItsNewCall() {
        Message<String> received = MessageBuilder.withPayload("x")
                .setHeader("traceparent", "stale")
                .setHeader("tenant", "a")
                .build();

        WireMessage sent = conversion.toWire(MessageType.REQUEST, 1, received, Map.of("traceparent", "new"));

        assertThat(sent.headers()).containsEntry("traceparent", "new").containsEntry("tenant", "a");
    }
}
