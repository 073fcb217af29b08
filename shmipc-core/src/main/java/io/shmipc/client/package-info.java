/**
 * Opens sessions to a server and keeps them open: stream pool, reconnection, hot restart as a client.
 * Users begin here: SessionManager gives out streams.
 * Third floor: imports session and what lies below it, never server.
 * A session manager owns its region of memory and shares it among its sessions.
 */
@NullMarked
package io.shmipc.client;

import org.jspecify.annotations.NullMarked;
