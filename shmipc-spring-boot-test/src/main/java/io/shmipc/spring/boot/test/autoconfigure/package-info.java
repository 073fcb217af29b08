/**
 * Tests of what uses shmipc: a slice of the application, and addresses that exist for one test's context alone.
 * Users begin with ShmipcTest, or with AutoConfigureShmipc beside SpringBootTest.
 * Top floor: imports the auto-configuration and Spring's test support; nothing imports it.
 * Real sessions over real shared memory: nothing is replaced but the addresses and who may connect.
 */
@NullMarked
package io.shmipc.spring.boot.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
