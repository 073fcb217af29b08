package io.shmipc.spring.boot.autoconfigure.metrics;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/**
 * All meters of shmipc: name, kind, unit and meaning of each.
 *
 * <p>Every meter has the tags of {@link Tag}. Numbers of several sessions are added up, those of memory once for
 * each region that sessions share; counters keep what sessions counted that have ended.
 */
public enum ShmipcMeters implements MeterDocumentation {
    SESSIONS_OPEN("shmipc.sessions.open", Meter.Type.GAUGE, "sessions", "Sessions that are open"),
    SESSIONS_HEALTHY("shmipc.sessions.healthy", Meter.Type.GAUGE, "sessions", "Sessions that give out streams"),
    STREAMS_ACTIVE("shmipc.session.streams.active", Meter.Type.GAUGE, "streams", "Streams that are open"),
    BYTES_SENT("shmipc.session.sent", Meter.Type.COUNTER, BaseUnits.BYTES, "Bytes flushed by streams"),
    BYTES_RECEIVED("shmipc.session.received", Meter.Type.COUNTER, BaseUnits.BYTES, "Bytes delivered to streams"),
    WAKEUPS_SENT("shmipc.session.wakeups.sent", Meter.Type.COUNTER, BaseUnits.EVENTS, "Wake-ups sent to peers"),
    WAKEUPS_RECEIVED(
            "shmipc.session.wakeups.received", Meter.Type.COUNTER, BaseUnits.EVENTS, "Wake-ups received from peers"),
    SEND_QUEUE(
            "shmipc.session.queue.send",
            Meter.Type.GAUGE,
            BaseUnits.MESSAGES,
            "Queued messages that peers have not consumed yet"),
    RECEIVE_QUEUE(
            "shmipc.session.queue.receive",
            Meter.Type.GAUGE,
            BaseUnits.MESSAGES,
            "Queued messages that this process has not consumed yet"),
    QUEUE_FULL("shmipc.session.queue.full", Meter.Type.COUNTER, BaseUnits.EVENTS, "Messages that met a full queue"),
    ALLOCATION_FAILURES(
            "shmipc.session.allocation.failures",
            Meter.Type.COUNTER,
            BaseUnits.EVENTS,
            "Allocations that found no free slice of shared memory"),
    FALLBACK_SENT(
            "shmipc.session.fallback.sent",
            Meter.Type.COUNTER,
            BaseUnits.MESSAGES,
            "Messages sent through the connection for want of shared memory"),
    FALLBACK_RECEIVED(
            "shmipc.session.fallback.received",
            Meter.Type.COUNTER,
            BaseUnits.MESSAGES,
            "Messages received through the connection"),
    CONNECTION_ERRORS(
            "shmipc.session.connection.errors", Meter.Type.COUNTER, BaseUnits.EVENTS, "Errors of connections"),
    HOT_RESTARTS("shmipc.session.hot.restarts", Meter.Type.COUNTER, BaseUnits.EVENTS, "Hot restarts that ended well"),
    HOT_RESTART_ERRORS(
            "shmipc.session.hot.restart.errors", Meter.Type.COUNTER, BaseUnits.EVENTS, "Hot restarts that failed"),
    MEMORY_CAPACITY(
            "shmipc.memory.capacity", Meter.Type.GAUGE, BaseUnits.BYTES, "Usable bytes of all slices of the regions"),
    MEMORY_USED("shmipc.memory.used", Meter.Type.GAUGE, BaseUnits.BYTES, "Usable bytes of the slices in use"),
    /** Of servers only. */
    HANDLER_ERRORS(
            "shmipc.listener.handler.errors",
            Meter.Type.COUNTER,
            BaseUnits.EVENTS,
            "Calls of listener methods that failed, and messages that were refused: "
                    + "without a method for their route, while the listener stops, or malformed"),
    /** Of servers only. */
    CALLBACKS(
            "shmipc.listener.callbacks",
            Meter.Type.TIMER,
            "seconds",
            "Callbacks for data that arrived, each with all the messages that it handled");

    private final String meterName;
    private final Meter.Type type;
    private final String baseUnit;
    private final String description;

    ShmipcMeters(String meterName, Meter.Type type, String baseUnit, String description) {
        this.meterName = meterName;
        this.type = type;
        this.baseUnit = baseUnit;
        this.description = description;
    }

    @Override
    public String getName() {
        return meterName;
    }

    @Override
    public Meter.Type getType() {
        return type;
    }

    @Override
    public String getBaseUnit() {
        return baseUnit;
    }

    /** Returns what the meter tells. */
    public String getDescription() {
        return description;
    }

    @Override
    public KeyName[] getKeyNames() {
        return Tag.values();
    }

    /** The tags of every meter. */
    public enum Tag implements KeyName {
        /** Either {@code client} or {@code server}. */
        ROLE("role"),
        /** Name of the session manager's bean without the ending {@code SessionManager}, or name of the listener. */
        NAME("name");

        private final String key;

        Tag(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }
}
