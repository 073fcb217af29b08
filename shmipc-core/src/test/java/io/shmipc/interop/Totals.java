package io.shmipc.interop;

import tools.jackson.databind.JsonNode;

/**
 * What a server saw: the Go peer's DONE line has the same names.
 *
 * @param streams seen
 * @param ended streams that ended between two frames
 * @param aborted streams that ended within a frame or with their session
 * @param received good frames
 * @param replied frames whose reply was flushed
 * @param errors corrupt frames, and whatever else should not be
 * @param firstError the first of them
 */
public record Totals(
        long streams, long ended, long aborted, long received, long replied, long errors, String firstError) {

    static Totals of(JsonNode json) {
        return new Totals(
                json.get("streams").asLong(),
                json.get("ended").asLong(),
                json.get("aborted").asLong(),
                json.get("received").asLong(),
                json.get("replied").asLong(),
                json.get("errors").asLong(),
                json.get("firstError").asString());
    }
}
