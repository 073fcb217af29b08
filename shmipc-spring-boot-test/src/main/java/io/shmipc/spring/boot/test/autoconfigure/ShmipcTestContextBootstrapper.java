package io.shmipc.spring.boot.test.autoconfigure;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Boots the context of a {@link ShmipcTest}. */
final class ShmipcTestContextBootstrapper extends TestSliceTestContextBootstrapper<ShmipcTest> {}
