/**
 * The application that docs/guide.md builds, and its tests: every Java snippet of the guide stands in one of these
 * files. Begin with PriceHandler for the server, Till for the client, PriceHandlerTests for tests.
 * Top floor: imports what users import.
 * GuideTests compares the snippets and binds the guide's YAML.
 */
@NullMarked
package io.shmipc.guide;

import org.jspecify.annotations.NullMarked;
