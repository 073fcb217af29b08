package io.shmipc.inspect;

/**
 * Memory that a process shares and that could not be reported on: most often it belongs to other software.
 *
 * @param name the label of a memfd, or the path of a file
 * @param reason why not, for people
 */
public record Unrecognised(String name, String reason) {}
