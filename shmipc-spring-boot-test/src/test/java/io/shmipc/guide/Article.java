package io.shmipc.guide;

import jakarta.validation.constraints.NotBlank;

record Article(@NotBlank String name) {}
