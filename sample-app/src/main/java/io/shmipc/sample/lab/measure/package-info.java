/**
 * Compares shared memory with a unix socket and with TCP, between the same two processes.
 * Measure runs a Measurement of a Plan over PingPongs; SocketEcho and the raw handler answer in the server's process.
 * A look at one's own machine in seconds; figures to rely on are made by the module benchmarks.
 */
@NullMarked
package io.shmipc.sample.lab.measure;

import org.jspecify.annotations.NullMarked;
