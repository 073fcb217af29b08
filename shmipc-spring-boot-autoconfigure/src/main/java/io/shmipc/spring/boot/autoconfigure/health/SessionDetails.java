package io.shmipc.spring.boot.autoconfigure.health;

import io.shmipc.Session;
import io.shmipc.ShareMemoryMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Describes sessions for people who look at the health endpoint. */
final class SessionDetails {

    /** A busy server has more sessions than anyone wants to read. */
    private static final int MAX_DESCRIBED = 32;

    private SessionDetails() {}

    static List<Map<String, Object>> of(List<Session> sessions) {
        return sessions.stream()
                .limit(MAX_DESCRIBED)
                .map(SessionDetails::describe)
                .toList();
    }

    private static Map<String, Object> describe(Session session) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("id", session.id());
        details.put("healthy", session.isHealthy());
        details.put("breaker", session.isClosed() ? "-" : session.isHealthy() ? "closed" : "open");
        details.put("streams", session.activeStreamCount());
        ShareMemoryMetrics memory = session.metrics().shareMemory();
        details.put("memoryUsedBytes", memory.allInUsedShareMemoryInBytes());
        details.put("memoryCapacityBytes", memory.capacityOfShareMemoryInBytes());
        return details;
    }
}
