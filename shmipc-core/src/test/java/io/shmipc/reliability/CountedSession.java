package io.shmipc.reliability;

import io.shmipc.MemoryType;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.channel.Connection;
import io.shmipc.layout.Cells;
import io.shmipc.layout.QueueLayout;
import io.shmipc.session.ClientHandshake;
import io.shmipc.session.SessionListener;
import io.shmipc.session.SessionMemory;
import io.shmipc.session.ShmipcSession;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.Region;
import io.shmipc.shm.SharedMemory;
import io.shmipc.shm.SharedRegion;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A client's session whose queues have carried a given number of elements already, as far as their counters say.
 *
 * @param session the session
 * @param region what its messages lie in
 */
record CountedSession(Session session, Region region) implements AutoCloseable {

    /** Opens a session with a server. */
    static CountedSession open(ShmipcAddress address, ShmipcConfig config, long elements) throws IOException {
        SharedRegion region = SharedRegion.create(config, config.pathPrefix() + "_buffer");
        SharedMemory queues = SharedMemory.create(
                MemoryType.MEMFD,
                config.pathPrefix() + "_queue_0",
                QueuePair.mappingBytes(config.queueCapacity()),
                Victim.FILE_MODE);
        int half = queues.bytes().capacity() / 2;
        count(queues.bytes(), 0, elements);
        count(queues.bytes(), half, elements);
        SessionMemory memory = new SessionMemory(
                region,
                queues,
                QueuePair.format(queues.bytes(), config.queueCapacity()),
                queues::release,
                region.memory()::release);
        Connection connection = new Connection(
                Sockets.connectUnix(
                        address.target(), config.connectionWriteTimeout().toNanos()),
                address,
                address,
                config.connectionWriteTimeout());
        ClientHandshake.perform(connection, MemoryType.MEMFD, memory, config.initializeTimeout());
        SessionListener nobody = new SessionListener() {};
        return new CountedSession(
                ShmipcSession.begin(true, config, connection, memory, nobody, Integer.MAX_VALUE), region.region());
    }

    private static void count(ByteBuffer memory, int queue, long elements) {
        QueueLayout layout = QueueLayout.ofThisMachine();
        for (int counter : new int[] {layout.head(), layout.tail()}) {
            Cells.storePlain(memory, queue + counter, (int) elements);
            Cells.storePlain(memory, queue + counter + Integer.BYTES, (int) (elements >>> Integer.SIZE));
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
