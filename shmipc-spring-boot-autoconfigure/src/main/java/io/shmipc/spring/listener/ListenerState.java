package io.shmipc.spring.listener;

/**
 * What a listener does.
 *
 * <pre>
 *             start               hotRestart                clients have moved
 *   STOPPED ────────► RUNNING ───────────────► RESTARTING ────────────────────► DRAINING
 *      ▲                 │  ▲                      │ failed                        │
 *      │                 │  └──────────────────────┘                               │
 *      │                 │ stop                                                    │ stop
 *      │                 ▼                                                         │
 *      └───────────── DRAINING, for the grace period at most ◄─────────────────────┘
 * </pre>
 */
public enum ListenerState {
    /** Nothing listens. */
    STOPPED,
    /** Clients can connect and call. */
    RUNNING,
    /** Clients were asked to connect to a successor and have not all done so. */
    RESTARTING,
    /** What clients asked for is answered; new clients should go elsewhere. */
    DRAINING
}
