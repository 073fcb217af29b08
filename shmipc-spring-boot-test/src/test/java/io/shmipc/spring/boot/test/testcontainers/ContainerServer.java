package io.shmipc.spring.boot.test.testcontainers;

import io.shmipc.spring.annotation.ShmipcListener;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** The application in the container of {@link ServiceConnectionIT}; its address comes from the environment. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ContainerServer {

    public static void main(String[] args) {
        SpringApplication.run(ContainerServer.class, args);
    }

    @ShmipcListener(route = "where")
    String where(String question) {
        return question + " in process " + ProcessHandle.current().pid();
    }
}
