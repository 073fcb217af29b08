package io.shmipc.slice;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application that slices are cut out of. */
@SpringBootApplication
class Office {}
