package io.shmipc.spring.boot.autoconfigure.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.ShmipcAddress;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import io.shmipc.spring.boot.autoconfigure.MessageContexts;
import io.shmipc.spring.boot.autoconfigure.client.scanned.Scanned;
import io.shmipc.spring.boot.autoconfigure.message.MessageConvertersCustomizer;
import io.shmipc.spring.client.ImportShmipcClients;
import io.shmipc.spring.client.ShmipcOperations;
import io.shmipc.spring.client.ShmipcRemoteException;
import io.shmipc.spring.client.ShmipcTemplate;
import io.shmipc.spring.message.MessageType;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.SimpleMessageConverter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Which templates there are, what they are made of, and what takes their place. */
@Timeout(60)
class ShmipcTemplateAutoConfigurationTests {

    private final ApplicationContextRunner runner = MessageContexts.messaging();

    @TempDir
    Path directory;

    @Test
    void thereIsNoTemplateWithoutAClient() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ShmipcOperations.class));
        runner.withPropertyValues("shmipc.client.address=/tmp/none.sock", "shmipc.client.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ShmipcOperations.class));
    }

    @Test
    void eachClientHasATemplateWithItsQualifier() {
        runner.withPropertyValues(
                        "shmipc.clients.orders.address=/tmp/orders.sock",
                        "shmipc.clients.stock.address=/tmp/stock.sock")
                .withUserConfiguration(OwnManager.class)
                .run(context -> {
                    assertThat(context)
                            .hasBean("ordersShmipcTemplate")
                            .hasBean("stockShmipcTemplate")
                            .hasBean("ownShmipcTemplate");
                    assertThat(template(context.getBeanFactory(), "orders").name())
                            .isEqualTo("orders");
                    assertThat(template(context.getBeanFactory(), "stock").name())
                            .isEqualTo("stock");
                    assertThat(template(context.getBeanFactory(), "own").name()).isEqualTo("own");
                });
    }

    @Test
    void theTemplateOfAnOwnManagerHasTheQualifierOfItsMethod() {
        runner.withPropertyValues("shmipc.client.address=/tmp/none.sock")
                .withUserConfiguration(QualifiedManager.class)
                .withBean(OrdersCaller.class)
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(Scanned.class);
                    assertThat(context.getBean(OrdersCaller.class).orders())
                            .isSameAs(context.getBean("ownShmipcTemplate"));
                    assertThat(template(context.getBeanFactory(), "orders").name())
                            .isEqualTo("own");
                });
    }

    @Test
    void anUnqualifiedTemplateIsTheOneOfTheSingleClient() {
        runner.withPropertyValues(
                        "shmipc.client.address=/tmp/none.sock", "shmipc.clients.orders.address=/tmp/orders.sock")
                .withUserConfiguration(Caller.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(Calls.class).template().name()).isEqualTo("shmipc");
                });
    }

    @Test
    void namedClientsAloneHaveTemplates() {
        runner.withPropertyValues("shmipc.clients.orders.address=/tmp/orders.sock")
                .run(context -> assertThat(context).hasNotFailed().hasBean("ordersShmipcTemplate"));
    }

    @Test
    void theApplicationsOwnTemplateTakesItsPlace() {
        runner.withPropertyValues("shmipc.client.address=/tmp/none.sock")
                .withUserConfiguration(OwnTemplate.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(ShmipcOperations.class)
                        .hasBean("myTemplate"));
    }

    @Test
    void withoutJacksonThereAreBytesAndTexts() {
        MessageContexts.clientAndServer(directory)
                .withClassLoader(new FilteredClassLoader(JsonMapper.class))
                .withBean(Handlers.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    ShmipcTemplate template = context.getBean(ShmipcTemplate.class);
                    assertThat(template.convertSendAndReceive("text", "x", String.class))
                            .isEqualTo("got x");
                    assertThatExceptionOfType(MessageConversionException.class)
                            .isThrownBy(() -> template.convertSendAndReceive("text", Map.of("a", 1), String.class))
                            .withMessageContaining(
                                    "put Jackson (tools.jackson.core:jackson-databind) on the class path");
                    assertThatExceptionOfType(ShmipcRemoteException.class)
                            .isThrownBy(() -> template.convertSendAndReceive("object", "{}", String.class))
                            .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("bad-request"));
                });
    }

    @Test
    void theApplicationsMapperAndConvertersAreUsed() {
        MessageContexts.clientAndServer(directory)
                .withBean(
                        JsonMapper.class,
                        () -> JsonMapper.builder()
                                .findAndAddModules()
                                .configure(SerializationFeature.INDENT_OUTPUT, true)
                                .build())
                .withBean(MessageConvertersCustomizer.class, () -> converters -> {
                    assertThat(converters).hasSize(1);
                    converters.add(new SimpleMessageConverter());
                })
                .withBean(Handlers.class)
                .run(context -> assertThat(context.getBean(ShmipcTemplate.class)
                                .convertSendAndReceive("text", Map.of("a", 1), String.class))
                        .isEqualTo("got {\n  \"a\" : 1\n}"));
    }

    @Test
    void anotherFormatTakesThePlaceOfTheEnvelope() {
        MessageContexts.clientAndServer(directory)
                .withBean(StreamCodec.class, Lines::new)
                .withBean(Handlers.class)
                .run(context -> {
                    ShmipcTemplate template = context.getBean(ShmipcTemplate.class);
                    assertThat(template.convertSendAndReceive("lost on the way", "x", byte[].class))
                            .asString()
                            .isEqualTo("line x");
                    assertThat(template.convertSendAndReceiveAsync("", "y", byte[].class)
                                    .join())
                            .asString()
                            .isEqualTo("line y");
                });
    }

    @Test
    void valuesThatMakeNoSenseAreRefusedByTheirPropertiesNames() {
        assertRefused("max-size", "1KB");
        assertRefused("concurrency", "0");
        assertRefused("call-timeout", "-1s");
        assertRefused("retry.max-retries", "-1");
        assertRefused("retry.delay", "0");
        assertRefused("retry.max-delay", "1ms");
    }

    private void assertRefused(String property, String value) {
        String name = "shmipc.messages." + property;
        runner.withPropertyValues(
                        "shmipc.client.address=/tmp/none.sock",
                        "shmipc.server.address=/tmp/none.sock",
                        name + "=" + value)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .satisfies(cause -> assertThat(context.getStartupFailure())
                                .hasStackTraceContaining(
                                        InvalidShmipcPropertyException.class.getName() + ": " + name)));
    }

    private static ShmipcTemplate template(BeanFactory beans, String qualifier) {
        return BeanFactoryAnnotationUtils.qualifiedBeanOfType(beans, ShmipcTemplate.class, qualifier);
    }

    private static SessionManager unconnected() {
        return SessionManager.open(SessionManagerConfig.builder(ShmipcAddress.parse("/tmp/own.sock"))
                .connectLazily(true)
                .build());
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnManager {

        @Bean(destroyMethod = "close")
        SessionManager own() {
            return unconnected();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportShmipcClients(types = Scanned.class, client = "orders")
    static class QualifiedManager {

        @Bean(destroyMethod = "close", defaultCandidate = false)
        @Qualifier("orders")
        SessionManager own() {
            return unconnected();
        }
    }

    record OrdersCaller(@Qualifier("orders") ShmipcOperations orders) {}

    @Configuration(proxyBeanMethods = false)
    static class OwnTemplate {

        @Bean
        ShmipcTemplate myTemplate(SessionManager sessions) {
            return ShmipcTemplate.builder(sessions).build();
        }
    }

    record Calls(ShmipcTemplate template) {}

    @Configuration(proxyBeanMethods = false)
    static class Caller {

        @Bean
        Calls calls(ShmipcTemplate template) {
            return new Calls(template);
        }
    }

    static class Handlers {

        @ShmipcListener(route = "text")
        String text(String payload) {
            return "got " + payload;
        }

        @ShmipcListener(route = "object")
        String object(Map<String, String> payload) {
            return "got " + payload;
        }

        @ShmipcListener
        String line(String payload) {
            return "line " + payload;
        }
    }

    /** Requests and replies that end with a new line, and nothing else: neither routes nor numbers. */
    static final class Lines implements StreamCodec {

        @Override
        public boolean isComplete(BufferReader reader) {
            ByteBuffer arrived = reader.peek(reader.length());
            while (arrived.hasRemaining()) {
                if (arrived.get() == '\n') {
                    return true;
                }
            }
            return false;
        }

        @Override
        public WireMessage decode(BufferReader reader) {
            ByteBuffer line = ByteBuffer.allocate(100);
            for (byte next = reader.readByte(); next != '\n'; next = reader.readByte()) {
                line.put(next);
            }
            line.flip();
            boolean isReply = line.get(0) == '>';
            return new WireMessage(
                    isReply ? MessageType.REPLY : MessageType.REQUEST, 0, Map.of(), line.position(isReply ? 1 : 0));
        }

        @Override
        public void encode(WireMessage message, BufferWriter writer) {
            if (message.type() == MessageType.REPLY) {
                writer.writeByte((byte) '>');
            }
            writer.writeBytes(message.payload());
            writer.writeByte((byte) '\n');
        }
    }
}
