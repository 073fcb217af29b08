/**
 * Annotations that mark what shmipc calls, and what is thrown for a declaration that cannot work.
 * Users begin here: a ShmipcListener method of any bean is called when data arrives.
 * Ground floor: imports Spring's core only; the listener infrastructure imports it.
 * Attributes are strings, so that placeholders and expressions resolve.
 */
@NullMarked
package io.shmipc.spring.annotation;

import org.jspecify.annotations.NullMarked;
