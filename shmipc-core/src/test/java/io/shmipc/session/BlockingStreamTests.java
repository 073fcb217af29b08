package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.SessionClosedException;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Streams whose user waits for data. */
class BlockingStreamTests extends OverEveryVariant {

    @Test
    void messagesOfEverySizeArriveWhole() throws Exception {
        Duo.Link link = open(Duo.of(variant).config(config -> config.regionBytes(16 << 20)))
                .link();
        int[] sizes = {1, 7, 4096, 8172, 8173, 100_000, 131_053, 1 << 20, 4 << 20};
        Future<Boolean> echo = async(() -> {
            for (int size : sizes) {
                Payload.send(link.server(), Payload.receive(link.server(), size));
            }
            return true;
        });
        for (int size : sizes) {
            Payload.roundTrip(link.client(), Payload.of(size, size));
        }
        assertThat(echo.get()).isTrue();
        awaitNothingInUse(link.client().session());
    }

    @Test
    void numbersAndTextCrossSliceBordersUnharmed() {
        Duo.Link link = open(Duo.of(variant).region(1 << 20, 12)).link();
        for (int shift = 0; shift < 12; shift++) {
            link.client().bufferWriter().writeBytes(new byte[shift]);
            link.client().bufferWriter().writeLong(Long.MIN_VALUE + shift);
            link.client().bufferWriter().writeInt(-shift);
            link.client().bufferWriter().writeShort((short) -3);
            link.client().bufferWriter().writeString("Grüße");
            link.client().flush();
            BufferReader reader = link.server().bufferReader();
            reader.discard(shift);
            assertThat(reader.readLong()).isEqualTo(Long.MIN_VALUE + shift);
            assertThat(reader.readInt()).isEqualTo(-shift);
            assertThat(reader.readShort()).isEqualTo((short) -3);
            assertThat(reader.readString(7)).isEqualTo("Grüße");
            reader.releasePreviousRead();
        }
    }

    @Test
    void reservedBytesAreWrittenAndReadInPlace() {
        Duo.Link link = open().link();
        ByteBuffer written = link.client().bufferWriter().reserve(64);
        written.putLong(42).putLong(43);
        link.client().flush();
        ByteBuffer read = link.server().bufferReader().readBytes(64);
        assertThat(written.isDirect() && read.isDirect()).isTrue();
        assertThat(read.isReadOnly()).isTrue();
        assertThat(read.getLong()).isEqualTo(42);
        assertThat(read.getLong()).isEqualTo(43);
    }

    @Test
    void repliesReuseTheSliceOfTheirRequest() throws Exception {
        Duo duo = open(Duo.of(variant).region(1 << 20, 4096));
        Duo.Link link = duo.link();
        Future<?> echo = async(() -> {
            for (int i = 0; i < 100; i++) {
                int number = link.server().bufferReader().readInt();
                link.server().releaseReadAndReuse();
                link.server().bufferWriter().writeInt(number);
                link.server().flush();
            }
            return true;
        });
        for (int i = 0; i < 100; i++) {
            link.client().bufferWriter().writeInt(i);
            link.client().flush();
            assertThat(link.client().bufferReader().readInt()).isEqualTo(i);
            link.client().releaseReadAndReuse();
        }
        echo.get();
        assertThat(duo.clientSession().metrics().shareMemory().allInUsedShareMemoryInBytes())
                .isLessThanOrEqualTo(4096);
        link.client().close();
        link.server().close();
        awaitNothingInUse(duo.clientSession());
    }

    @Test
    void peekLeavesTheBytesAndDiscardSkipsThem() {
        Duo.Link link = open().link();
        Payload.send(link.client(), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        BufferReader reader = link.server().bufferReader();
        assertThat(reader.peek(4)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        assertThat(reader.length()).isEqualTo(8);
        reader.discard(5);
        assertThat(reader.peek(3)).isEqualTo(ByteBuffer.wrap(new byte[] {6, 7, 8}));
        assertThat(reader.readByte()).isEqualTo((byte) 6);
        assertThat(reader.length()).isEqualTo(2);
    }

    @Test
    void asAChannelAStreamReadsWhatIsThereUntilItsEnd() throws Exception {
        Duo.Link link = open().link();
        ByteBuffer target = ByteBuffer.allocate(10);
        assertThat(link.client().write(ByteBuffer.wrap(new byte[7]))).isEqualTo(7);
        assertThat(link.server().read(target)).isEqualTo(7);
        assertThat(link.client().write(ByteBuffer.wrap(new byte[7]))).isEqualTo(7);
        link.client().close();
        assertThat(link.server().read(target)).isEqualTo(3);
        assertThat(link.server().read(target)).isZero();
        assertThat(link.server().read(target.clear())).isEqualTo(4);
        assertThat(link.server().read(target)).isEqualTo(-1);
        assertThat(link.server().read(target)).isEqualTo(-1);
        assertThatThrownBy(() -> link.client().write(ByteBuffer.allocate(1)))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> link.client().read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aReadThatMissesItsDeadlineKeepsWhatArrived() {
        Duo.Link link = open().link();
        Payload.send(link.client(), new byte[] {0, 0, 1});
        link.server().setReadDeadline(Instant.now().plusMillis(20));
        assertRefused(Reason.TIMEOUT, () -> link.server().bufferReader().readInt());
        assertThat(link.server().bufferReader().length()).isEqualTo(3);
        assertRefused(Reason.TIMEOUT, () -> link.server().bufferReader().readInt());
        link.server().setReadDeadline(null);
        Payload.send(link.client(), new byte[] {2});
        assertThat(link.server().bufferReader().readInt()).isEqualTo(0x102);
    }

    @Test
    void aSideThatEndsItsOutputStillGetsTheAnswer() {
        Duo.Link link = open().link();
        link.client().bufferWriter().writeString("question");
        link.client().flush(true);
        assertThat(link.server().bufferReader().readString(8)).isEqualTo("question");
        assertRefused(Reason.END_OF_STREAM, () -> link.server().bufferReader().readByte());
        link.server().bufferWriter().writeString("answer");
        link.server().flush(true);
        assertThat(link.client().bufferReader().readString(6)).isEqualTo("answer");
        assertRefused(Reason.END_OF_STREAM, () -> link.client().bufferReader().readByte());
        assertRefused(Reason.STREAM_CLOSED, () -> Payload.send(link.client(), new byte[1]));
    }

    @Test
    void aReaderThatWantsMoreThanIsLeftIsToldOfTheEndAndCanTakeTheRest() {
        Duo.Link link = open().link();
        Payload.send(link.client(), new byte[] {1, 2});
        link.client().close();
        assertRefused(Reason.END_OF_STREAM, () -> link.server().bufferReader().readInt());
        assertThat(link.server().bufferReader().readShort()).isEqualTo((short) 0x102);
    }

    @Test
    void closingWakesAReaderOfAnotherThread() {
        Duo duo = open();
        for (int i = 0; i < 10; i++) {
            Duo.Link link = duo.link();
            Future<Reason> reason = async(() -> reasonOf(link.client()));
            link.client().close();
            assertThat(reason).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(Reason.STREAM_CLOSED);
        }
        awaitNothingInUse(duo.clientSession());
    }

    private static Reason reasonOf(Stream stream) {
        try {
            stream.bufferReader().readByte();
            throw new AssertionError("nothing was sent");
        } catch (StreamClosedException e) {
            return e.reason();
        }
    }

    @Test
    void closingRacesAReaderThatIsGettingData() throws Exception {
        Duo duo = open();
        AtomicInteger wrong = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            Duo.Link link = duo.link();
            Future<?> reader = async(() -> {
                try {
                    while (true) {
                        link.client().bufferReader().readInt();
                    }
                } catch (StreamClosedException e) {
                    return true;
                } catch (RuntimeException e) {
                    wrong.incrementAndGet();
                    throw e;
                }
            });
            Payload.send(link.server(), new byte[64]);
            Payload.send(link.server(), new byte[64]);
            link.client().close();
            reader.get();
            link.server().close();
        }
        assertThat(wrong).hasValue(0);
        awaitNothingInUse(duo.clientSession());
    }

    @Test
    void whatWasSentBeforeTheCloseArrivesBeforeTheEnd() {
        Duo.Link link = open().link();
        for (int i = 0; i < 200; i++) {
            link.client().bufferWriter().writeInt(i);
            link.client().flush();
        }
        link.client().close();
        for (int i = 0; i < 200; i++) {
            assertThat(link.server().bufferReader().readInt()).isEqualTo(i);
        }
        assertRefused(Reason.END_OF_STREAM, () -> link.server().bufferReader().readByte());
        await().untilAsserted(
                        () -> assertRefused(Reason.STREAM_CLOSED, () -> Payload.send(link.server(), new byte[1])));
    }

    @Test
    void aReadDeadlineEndsAReadThatWaitsAlready() throws Exception {
        Duo duo = open();
        for (int round = 0; round < 3; round++) {
            Duo.Link first = duo.link();
            Duo.Link second = duo.link();
            Thread[] thread = new Thread[2];
            List<CompletableFuture<Throwable>> failures = List.of(
                    failureOn(thread, 0, () -> first.client().bufferReader().readByte()),
                    failureOn(thread, 1, () -> second.client().bufferReader().readByte()));
            await().until(() -> isWaiting(thread[0]) && isWaiting(thread[1]));
            first.client().setReadDeadline(Instant.now());
            second.client().setReadDeadline(Instant.now().plusMillis(5));
            for (CompletableFuture<Throwable> failure : failures) {
                assertThat(failure.get(20, TimeUnit.SECONDS)).hasFieldOrPropertyWithValue("reason", Reason.TIMEOUT);
            }
        }
    }

    private static boolean isWaiting(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("awaitLength"));
    }

    @Test
    void anInterruptedReaderIsToldSoAndCanReadLater() throws Exception {
        Duo.Link link = open().link();
        Thread[] thread = new Thread[1];
        CompletableFuture<Throwable> failure =
                failureOn(thread, () -> link.server().bufferReader().readByte());
        thread[0].interrupt();
        assertThat(failure.get(20, TimeUnit.SECONDS)).hasFieldOrPropertyWithValue("reason", Reason.INTERRUPTED);
        Payload.send(link.client(), new byte[] {9});
        assertThat(link.server().bufferReader().readByte()).isEqualTo((byte) 9);
    }

    @Test
    void theEndOfTheSessionWakesAllReaders() {
        Duo duo = open();
        Duo.Link first = duo.link();
        Duo.Link second = duo.link();
        Future<Byte> a = async(() -> first.server().bufferReader().readByte());
        Future<Byte> b = async(() -> second.server().bufferReader().readByte());
        Future<Byte> c = async(() -> second.client().bufferReader().readByte());
        duo.clientSession().close();
        for (Future<Byte> reader : List.of(a, b, c)) {
            assertThat(reader)
                    .failsWithin(20, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(SessionClosedException.class);
        }
    }

    @Test
    void virtualThreadsReadAsOthersDo() throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() >= 21);
        Duo duo = open(Duo.of(variant).echo());
        CompletableFuture<?>[] done = new CompletableFuture<?>[8];
        for (int t = 0; t < done.length; t++) {
            CompletableFuture<Boolean> ended = new CompletableFuture<>();
            done[t] = ended;
            Runnable work = () -> {
                try {
                    for (int i = 0; i < 20; i++) {
                        duo.manager().execute(stream -> {
                            Payload.roundTrip(stream, Payload.of(100, 7));
                            return null;
                        });
                    }
                    ended.complete(true);
                } catch (RuntimeException | Error e) {
                    ended.completeExceptionally(e);
                }
            };
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
        }
        CompletableFuture.allOf(done).get(20, TimeUnit.SECONDS);
    }

    @Test
    void whatWasReadStaysReadableWhenThePeerEndsItsSessionUntilItsStreamOrSessionIsClosedHere() throws Exception {
        byte[] bytes = Payload.of(1000, 5);
        for (boolean closedHere : new boolean[] {true, false}) {
            try (Duo duo = Duo.of(variant).open()) {
                Duo.Link link = duo.link();
                Payload.send(link.client(), bytes);
                ByteBuffer span = link.server().bufferReader().readBytes(bytes.length);
                assertThat(span.isDirect()).as("a span of the region").isTrue();

                Session session = link.server().session();
                (closedHere ? session : link.client().session()).close();
                session.closeFuture().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertRefused(
                        Reason.SESSION_SHUTDOWN,
                        () -> link.server().bufferReader().readByte());
                if (!closedHere) {
                    assertThat(span).isEqualTo(ByteBuffer.wrap(bytes));
                    link.server().close();
                }
                await().untilAsserted(() -> assertThat(span).isEqualTo(ByteBuffer.allocate(bytes.length)));
            }
        }
    }
}
