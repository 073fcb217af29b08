/**
 * What ahead-of-time processing has to know beyond what Spring finds out by itself.
 * One registrar of hints, listed in META-INF/spring/aot.factories.
 * Top floor: names the engine's native parts as texts and imports none of them.
 * Tested as far as the JVM goes: each class that JNA's native library names has its hint, no native image is built.
 */
@NullMarked
package io.shmipc.spring.boot.autoconfigure.aot;

import org.jspecify.annotations.NullMarked;
