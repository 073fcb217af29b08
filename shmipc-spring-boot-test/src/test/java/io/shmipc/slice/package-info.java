/**
 * A small application whose slices ShmipcTestTests cuts, one attribute of ShmipcTest at a time.
 * The application of the guide has too many collaborators to tell what a slice leaves out.
 * Top floor: imports what users import.
 * Desks has handlers and others; Office finds them.
 */
@NullMarked
package io.shmipc.slice;

import org.jspecify.annotations.NullMarked;
