/** Interfaces that are found by their package. */
package io.shmipc.spring.boot.autoconfigure.client.scanned;
