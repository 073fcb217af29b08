package io.shmipc.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Starts the sample.
 *
 * <p>Without a profile it is the web application with its lab, which starts the server as a second process. With
 * {@code server} or {@code client} it is one half, and with {@code single} both halves in one process.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class SampleApplication {

    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(SampleApplication.class);
        application.addInitializers(new SampleDirectory());
        application.run(args);
    }
}
