/**
 * The second process: started from the same jar, watched, killed, replaced.
 * ServerSupervisor is for the rest of the lab; ServerProcess is one process, ParentWatch the end of the pipe within it.
 * An application in production has systemd or Kubernetes for this.
 * Imports nothing of the lab.
 */
@NullMarked
package io.shmipc.sample.lab.process;

import org.jspecify.annotations.NullMarked;
