/**
 * The code of README.md as it stands there, compiled and called.
 * GuideTests compares the two; ReadmeTests calls it.
 * A file here is as long as the README needs it, and no longer.
 */
@NullMarked
package io.shmipc.readme;

import org.jspecify.annotations.NullMarked;
