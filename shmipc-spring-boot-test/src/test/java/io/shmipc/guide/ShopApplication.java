package io.shmipc.guide;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application of the guide. */
@SpringBootApplication
class ShopApplication {}
