package io.shmipc.guide;

import io.shmipc.spring.client.ImportShmipcClients;
import org.springframework.context.annotation.Configuration;

@Configuration
@ImportShmipcClients(types = Stock.class, client = "stock")
class ShopClients {}
