package io.shmipc.sample.greeting;

import io.shmipc.spring.client.ImportShmipcClients;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The client's half: makes a bean of the interface, which calls the server that shmipc.client.address names. */
@Configuration(proxyBeanMethods = false)
@Profile("!server")
@ImportShmipcClients(Greetings.class)
class GreetingClients {}
