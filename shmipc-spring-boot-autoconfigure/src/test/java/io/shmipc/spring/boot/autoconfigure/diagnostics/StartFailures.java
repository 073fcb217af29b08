package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.spring.annotation.ShmipcListener;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * The process of {@link StartFailuresIT}: tries to start twice, because what fails first may fail differently later.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class StartFailures {

    public static void main(String[] args) {
        for (int i = 0; i < 2; i++) {
            try {
                SpringApplication.run(StartFailures.class, args).close();
                System.out.println("It started.");
            } catch (RuntimeException e) {
                System.out.println("It did not start.");
            }
        }
    }

    @ShmipcListener(route = "up")
    String up(String text) {
        return text;
    }
}
