package io.shmipc.benchmarks.transport;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.job.Payload;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A publication and a subscription.
 *
 * <p>Messages that fit a fragment are claimed and written in place; larger ones are written into a buffer, offered, and
 * put together again by the receiver's assembler, which are two copies more.
 */
final class AeronLink implements Link {

    private static final int FRAGMENTS_PER_POLL = 32;

    private final Job job;
    private final ExclusivePublication publication;
    private final Subscription subscription;
    private final FragmentHandler handler = new FragmentAssembler(this::onMessage);
    private final BufferClaim claim = new BufferClaim();
    private final UnsafeBuffer source;
    private final boolean claims;
    private final boolean readsAcknowledgements;
    private final BusySpinIdleStrategy idle = new BusySpinIdleStrategy();
    private long handled;
    private long acknowledged;

    AeronLink(Aeron aeron, Job job, int sendStream, int receiveStream) {
        this.job = job;
        String channel = AeronTransport.channel(job);
        this.subscription = aeron.addSubscription(channel, receiveStream);
        this.publication = aeron.addExclusivePublication(channel, sendStream);
        this.claims = job.bytes() <= publication.maxPayloadLength();
        this.source = new UnsafeBuffer(ByteBuffer.allocateDirect(claims ? 0 : job.bytes()));
        this.readsAcknowledgements = job.pattern().isOneWay() && sendStream == AeronTransport.REQUESTS;
    }

    void awaitConnection() {
        while (!publication.isConnected() || !subscription.isConnected()) {
            Thread.yield();
        }
    }

    @Override
    public void put(long number) {
        if (claims) {
            while (refused(publication.tryClaim(job.bytes(), claim))) {
                idle.idle(0);
            }
            write(claim.buffer(), claim.offset(), number);
            claim.commit();
        } else {
            write(source, 0, number);
            while (refused(publication.offer(source, 0, job.bytes()))) {
                idle.idle(0);
            }
        }
    }

    private static boolean refused(long position) {
        if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
            throw new IllegalStateException("a publication ended: " + Publication.errorString(position));
        }
        return position < 0;
    }

    private void write(MutableDirectBuffer memory, int at, long number) {
        if (job.isFilled()) {
            int words = job.bytes() >> 3;
            for (int k = 0; k < words; k++) {
                memory.putLong(at + (k << 3), number + k);
            }
        } else {
            memory.putLong(at, number);
        }
    }

    /** Messages are published by {@link #put}. */
    @Override
    public void flush() {}

    @Override
    public void receive(long number) {
        while (handled <= number) {
            idle.idle(subscription.poll(handler, FRAGMENTS_PER_POLL));
        }
    }

    private void onMessage(DirectBuffer memory, int at, int length, Header header) {
        if (readsAcknowledgements) {
            acknowledged = memory.getLong(at);
            return;
        }
        long number = handled++;
        if (job.isFilled()) {
            int words = job.bytes() >> 3;
            long sum = 0;
            for (int k = 0; k < words; k++) {
                sum += memory.getLong(at + (k << 3));
            }
            Payload.require(sum, Payload.expectedSum(job, number));
        } else {
            Payload.require(memory.getLong(at), number);
        }
    }

    @Override
    public void acknowledge(long had) {
        while (refused(publication.tryClaim(Long.BYTES, claim))) {
            idle.idle(0);
        }
        claim.buffer().putLong(claim.offset(), had);
        claim.commit();
    }

    @Override
    public long awaitAcknowledgement() {
        long before = acknowledged;
        while (acknowledged == before) {
            idle.idle(subscription.poll(handler, FRAGMENTS_PER_POLL));
        }
        return acknowledged;
    }

    @Override
    public void close() {
        publication.close();
        subscription.close();
    }
}
