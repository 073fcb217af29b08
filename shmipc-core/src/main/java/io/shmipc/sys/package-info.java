/**
 * The operating system: descriptors, sockets, epoll, eventfd, memfd and mappings of Linux.
 * The only room with native calls: JNA, directly mapped, on raw addresses.
 * Ground floor: imports the JDK, JNA and JSpecify; knows nothing of sessions or queues.
 * Structs are direct buffers with explicit offsets; the C declaration stands beside them.
 */
@NullMarked
package io.shmipc.sys;

import org.jspecify.annotations.NullMarked;
