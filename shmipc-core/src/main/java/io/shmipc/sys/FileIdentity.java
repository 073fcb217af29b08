package io.shmipc.sys;

/**
 * What makes a file that file, whatever it is called: two descriptors with equal identities share memory.
 *
 * <p>It is unique among the files that exist. Once a file has no name, no descriptor and no mapping left, a new one may
 * get its numbers: hold it open while its identity is relied upon. A listening unix socket holds its socket file.
 *
 * @param device the number of the file system
 * @param inode the number of the file in it
 */
public record FileIdentity(long device, long inode) {}
