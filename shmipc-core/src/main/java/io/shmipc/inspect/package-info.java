/**
 * What live shared memory looks like, for people and for tools: reports of regions and queues, as records, text and
 * JSON. Reads only, and trusts nothing: memory that is in use, damaged or no shmipc memory at all ends in a report or a
 * sentence. Fourth floor: imports layout and the contracts; a bare JDK is enough to run it, without JNA and a logger.
 * A process that looks at another one is not its peer: it takes part in no protocol and leaves no trace.
 */
@NullMarked
package io.shmipc.inspect;

import org.jspecify.annotations.NullMarked;
