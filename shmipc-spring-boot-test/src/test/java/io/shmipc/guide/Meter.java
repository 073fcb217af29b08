package io.shmipc.guide;

import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.client.ShmipcTemplateCustomizer;
import io.shmipc.spring.message.MessageType;
import io.shmipc.spring.message.StreamCodec;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** A device that speaks frames instead of envelopes. */
@Configuration
class Meter {

    @Bean(defaultCandidate = false)
    StreamCodec frames() {
        return new FrameCodec(MessageType.REQUEST);
    }

    @Bean
    ShmipcTemplateCustomizer meterSpeaksFrames() {
        return (client, template) -> {
            if (client.equals("meter")) {
                template.codec(new FrameCodec(MessageType.REPLY));
            }
        };
    }

    @Component
    static class Handler {

        @ShmipcListener(listener = "meter", codec = "frames", concurrency = "8")
        byte[] read(byte[] request) {
            return new byte[] {(byte) request.length};
        }
    }
}
