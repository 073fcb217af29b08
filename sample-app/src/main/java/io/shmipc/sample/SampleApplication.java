package io.shmipc.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the sample: without a profile both halves in one process, with {@code server} or {@code client} one half. */
@SpringBootApplication(proxyBeanMethods = false)
public class SampleApplication {

    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(SampleApplication.class);
        application.addInitializers(new PrivateSocket());
        application.run(args);
    }
}
