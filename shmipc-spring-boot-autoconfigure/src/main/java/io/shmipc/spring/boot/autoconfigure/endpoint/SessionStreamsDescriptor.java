package io.shmipc.spring.boot.autoconfigure.endpoint;

import io.shmipc.Session;
import io.shmipc.StreamSnapshot;
import java.util.List;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One session and its open streams as they are now.
 *
 * @param session the session, which tells how many streams are open in all
 * @param streams those that were opened first, {@value #MAX_STREAMS} at most
 */
public record SessionStreamsDescriptor(SessionDescriptor session, List<StreamSnapshot> streams)
        implements OperationResponseBody {

    static final int MAX_STREAMS = 1000;

    static SessionStreamsDescriptor of(Session session) {
        return new SessionStreamsDescriptor(
                SessionDescriptor.of(session),
                session.activeStreams().stream().limit(MAX_STREAMS).toList());
    }
}
