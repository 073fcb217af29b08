package io.shmipc.sample.lab.measure;

/**
 * One size over one transport.
 *
 * @param transport the way
 * @param bytes bytes of each message, in either direction
 * @param streams how many streams or connections called at once
 * @param roundTrips how many messages went there and came back
 * @param p50Micros median time of a round trip
 * @param p90Micros what 90 % of the round trips did not exceed
 * @param p99Micros what 99 % of the round trips did not exceed
 * @param roundTripsPerSecond over all streams
 * @param megabytesPerSecond 10⁶ bytes a second, both directions together
 */
record Result(
        Transport transport,
        int bytes,
        int streams,
        long roundTrips,
        double p50Micros,
        double p90Micros,
        double p99Micros,
        double roundTripsPerSecond,
        double megabytesPerSecond) {

    private static final double P50 = 0.5;
    private static final double P90 = 0.9;
    private static final double P99 = 0.99;

    static Result of(Transport transport, int bytes, int streams, Samples samples, long elapsedNanos) {
        double perSecond = samples.count() * 1e9 / elapsedNanos;
        return new Result(
                transport,
                bytes,
                streams,
                samples.count(),
                samples.percentileMicros(P50),
                samples.percentileMicros(P90),
                samples.percentileMicros(P99),
                perSecond,
                2 * perSecond * bytes / 1e6);
    }
}
