package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ShmipcConfig;
import io.shmipc.interop.ChildProcess;
import io.shmipc.reliability.Figures;
import io.shmipc.reliability.Reliability;
import io.shmipc.server.SyscallFaults.Way;
import io.shmipc.session.Duo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * System calls that fail, by strace in a process that uses the engine as it is: the first, the second and later calls of
 * each thread, over each {@link Way}, with each error that the call's manual page has for a correct caller. What cannot go
 * on ends with an error that names the call; nothing stays open or behind, and the next attempt succeeds.
 */
@Reliability
@Timeout(240)
class SyscallFaultIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final int LARGE_REGION_BYTES = 48 << 20;

    /** How many calls of one kind, of each thread, fail in turn. */
    private static final int DEPTH = 5;

    /**
     * A call, with what it is called on other processors or kernels, whether the engine can go on when the first one fails,
     * what it is called on, if not on anything, and the errors.
     *
     * <p>Left out are those that the JVM itself does not survive, such as a failing mmap of memory of its own or the munmap
     * of a thread's stack, and close, which strace does not carry out when it makes it fail, while the kernel does.
     */
    private record Call(
            String name, boolean optional, @Nullable String file, List<String> errors) {

        static Call needed(String name, String... errors) {
            return new Call(name, false, null, List.of(errors));
        }

        static Call optional(String name, String... errors) {
            return new Call(name, true, null, List.of(errors));
        }

        static Call onEventFd(String name, String... errors) {
            return new Call(name, true, "anon_inode:[eventfd]", List.of(errors));
        }

        /** Returns whether no run surely makes the call: a thread that does not sleep yet is not woken by an eventfd. */
        boolean isByChance() {
            return file != null;
        }

        /** Returns all ways, beginning with one that the call is made on. */
        List<Way> ways() {
            if (name.matches("memfd_create|fcntl|sendmsg|recvmsg")) {
                return List.of(Way.MEMFD, Way.FILE, Way.TCP);
            }
            return name.equals("getsockname")
                    ? List.of(Way.TCP, Way.FILE, Way.MEMFD)
                    : List.of(Way.FILE, Way.MEMFD, Way.TCP);
        }
    }

    private static final List<Call> CALLS = List.of(
            Call.needed("memfd_create", "EMFILE", "ENFILE", "ENOMEM"),
            Call.needed("fallocate", "ENOSPC", "EFBIG", "EIO", "ENODEV"),
            Call.needed("fcntl", "EPERM", "EBUSY"),
            Call.needed("flock", "ENOLCK", "EAGAIN"),
            Call.needed("fchmod", "EPERM", "EIO", "EROFS"),
            Call.optional("openat", "EMFILE", "ENFILE", "EACCES", "ENOMEM", "ENOSPC", "EROFS"),
            Call.needed("socket", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EACCES"),
            Call.needed("bind", "EACCES", "EROFS", "ENOMEM", "ENOENT"),
            Call.needed("listen", "EADDRINUSE"),
            Call.needed("chmod/fchmodat", "EPERM", "EROFS"),
            Call.optional("accept4", "EMFILE", "ECONNABORTED", "ENFILE", "ENOBUFS", "EPERM"),
            Call.needed("connect", "ECONNREFUSED", "EACCES", "EAGAIN", "EPERM"),
            Call.optional("getsockopt", "ENOBUFS"),
            Call.optional("sendmsg", "EPIPE", "ECONNRESET", "ENOBUFS", "ENOMEM", "ETOOMANYREFS"),
            Call.optional("recvmsg", "ECONNRESET", "ENOMEM"),
            Call.optional("sendto", "EPIPE", "ECONNRESET", "ENOBUFS", "ENOMEM"),
            Call.optional("recvfrom", "ECONNRESET", "ENOMEM"),
            Call.needed("epoll_create1", "EMFILE", "ENFILE", "ENOMEM"),
            Call.optional("epoll_ctl", "ENOSPC", "ENOMEM", "EPERM"),
            Call.optional("eventfd2", "EMFILE", "ENFILE", "ENOMEM"),
            Call.optional("ppoll", "ENOMEM", "EINTR"),
            Call.optional("epoll_wait/epoll_pwait/epoll_pwait2", "EINTR"),
            Call.optional("statx", "ENOMEM", "EACCES", "ELOOP"),
            Call.optional("setsockopt", "ENOMEM", "ENOBUFS"),
            Call.optional("shutdown", "ENOTCONN"),
            Call.optional("unlink/unlinkat", "EACCES", "EBUSY", "EROFS"),
            Call.optional("getsockname", "ENOBUFS"),
            Call.optional("mremap", "ENOMEM", "EAGAIN"),
            Call.onEventFd("write", "EINTR"),
            Call.onEventFd("read", "EINTR", "EAGAIN"));

    /** The n-th call of each thread, on one way, that fails with one error. */
    private record Fault(Call call, Way way, int nth, String error) {

        /** Tells whether this is among those that a quick run tries. */
        boolean isFirst() {
            return nth == 1 && way == call.ways().get(0);
        }

        /** Returns what the error of a run must say; the engine knows what the one about waiting means. */
        String told() {
            return switch (call.name() + " " + error) {
                case "memfd_create EMFILE", "memfd_create ENFILE" -> "Raise the limit of open files";
                case "flock EAGAIN" -> "sweeps it away";
                case "connect EAGAIN" -> "ETIMEDOUT";
                default -> error;
            };
        }
    }

    private final Path directory = Duo.temporaryDirectory();
    private final Path traces = Duo.temporaryDirectory();
    private ChildProcess victim;
    private Path thread;

    @BeforeEach
    void startVictim() throws Exception {
        victim = ChildProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SyscallFaults.class.getName(),
                        directory.toString()),
                Map.of());
        thread = Path.of("/proc").resolve(victim.await("HELLO", PATIENCE));
        boolean there = canTrace();
        if (!Boolean.parseBoolean(System.getenv("SHMIPC_REQUIRE_STRACE"))) {
            Assumptions.assumeTrue(there, "strace is not installed, or may not trace");
        }
        assertThat(there).as("strace is there and may trace").isTrue();
    }

    /** Returns whether strace is there and may attach to the victim. */
    private boolean canTrace() throws Exception {
        Process strace;
        try {
            strace = new ProcessBuilder("strace", "-f", "-o", "/dev/null", "-p", Long.toString(victim.pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return false;
        }
        Awaitility.await().atMost(PATIENCE).until(() -> isTraced() || !strace.isAlive());
        boolean attached = strace.isAlive();
        strace.destroy();
        strace.waitFor();
        return attached;
    }

    @AfterEach
    void stopVictim() {
        if (victim != null) {
            victim.close();
        }
        Duo.delete(directory);
        Duo.delete(traces);
    }

    /** Returns every fault: the first calls on the first ways first, and of these the first errors. */
    private static List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (int nth = 1; nth <= DEPTH; nth++) {
            for (int way = 0; way < Way.values().length; way++) {
                for (int error = 0; error < 6; error++) {
                    for (Call call : CALLS) {
                        if (error < call.errors().size()) {
                            faults.add(new Fault(
                                    call,
                                    call.ways().get(way),
                                    nth,
                                    call.errors().get(error)));
                        }
                    }
                }
            }
        }
        return faults;
    }

    private String run(Way way) {
        return run(way, ShmipcConfig.MIN_REGION_BYTES);
    }

    private String run(Way way, int regionBytes) {
        victim.command("run " + way + " " + regionBytes);
        return victim.await("RESULT", PATIENCE);
    }

    private String count() {
        victim.command("count");
        return victim.await("FILES", PATIENCE);
    }

    @Test
    void everyCallMayFail() throws Exception {
        for (Way way : Way.values()) {
            assertThat(run(way)).isEqualTo("ok");
            assertThat(run(way)).isEqualTo("ok");
        }
        String before = count();
        List<Fault> faults = faults();
        long first = faults.stream().filter(Fault::isFirst).count();
        Figures.keep("syscalls.failing", first, "errors of system calls, cleanly told or overcome", figure -> {
            assertThat(figure.count()).as("errors to try").isLessThanOrEqualTo(faults.size());
            Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
            Map<String, Integer> misses = new HashMap<>();
            for (Fault fault : faults.subList(0, (int) figure.count())) {
                // Where a call was not made the second time, it is not made the third time either.
                String calls = fault.call().name() + " " + fault.way();
                Outcome outcome = misses.getOrDefault(calls, 0) < 2 ? inject(fault, before) : Outcome.NOT_MADE;
                misses.merge(calls, outcome == Outcome.NOT_MADE ? 1 : 0, Integer::sum);
                outcomes.merge(outcome, 1, Integer::sum);
                figure.reached(
                        outcomes.values().stream().mapToInt(Integer::intValue).sum());
            }
            int told = outcomes.getOrDefault(Outcome.TOLD, 0);
            int overcome = outcomes.getOrDefault(Outcome.OVERCOME, 0);
            assertThat(told + overcome).as("errors that met a call").isGreaterThan((int) figure.count() / 3);
            return "%d ended a run with an error, in spite of %d it went on; the others met no call"
                    .formatted(told, overcome);
        });
    }

    @Test
    void aRegionThatFindsNoAddressesIsToldAndNothingStays() throws Exception {
        for (Way way : Way.values()) {
            assertThat(run(way)).isEqualTo("ok");
        }
        String before = count();
        for (Way way : Way.values()) {
            limitAddresses(Long.toString(addressBytes() + LARGE_REGION_BYTES / 2));
            assertThat(run(way, LARGE_REGION_BYTES)).contains("SharedMemoryException", "ulimit -v");
            limitAddresses("unlimited");
            assertThat(run(way)).isEqualTo("ok");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(count()).isEqualTo(before));
        }
    }

    /** Returns how many bytes of addresses the victim has in use. */
    private long addressBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + victim.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmSize:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private void limitAddresses(String bytes) throws Exception {
        Process prlimit = new ProcessBuilder("prlimit", "--pid=" + victim.pid(), "--as=" + bytes + ":unlimited")
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor()).as("prlimit").isZero();
    }

    /** What came of an error. */
    private enum Outcome {
        TOLD,
        OVERCOME,
        NOT_MADE
    }

    private Outcome inject(Fault fault, String filesBefore) throws Exception {
        String result;
        Path trace = traces.resolve("trace");
        ChildProcess strace = ChildProcess.start(strace(fault, trace), Map.of());
        try (strace) {
            Awaitility.await().atMost(PATIENCE).until(() -> {
                strace.requireAlive();
                return isTraced();
            });
            result = run(fault.way());
            if (!result.equals("ok")) {
                assertThat(result).as("%s", fault).contains("io.shmipc.").doesNotContain("NullPointer");
            }
            if (fault.isFirst() && !fault.call().optional()) {
                assertThat(result).as("%s", fault).contains(fault.told());
            }
            // Told to end, it lets go of its threads first; killed, it would leave a call half changed.
            ProcessHandle.of(strace.pid()).ifPresent(ProcessHandle::destroy);
            Awaitility.await().atMost(PATIENCE).until(() -> !strace.isAlive());
        }
        boolean met = Files.readString(trace).contains("(INJECTED)");
        assertThat(met || !fault.isFirst() || fault.call().isByChance())
                .as("%s met its call", fault)
                .isTrue();
        assertThat(met || result.equals("ok"))
                .as("%s met no call; %s", fault, result)
                .isTrue();
        assertThat(run(fault.way())).as("after %s", fault).isEqualTo("ok");
        if (fault.call().name().startsWith("unlink")) {
            removeSockets();
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(count())
                        .as("files after %s, which ended with %s", fault, result)
                        .isEqualTo(filesBefore));
        if (!met) {
            return Outcome.NOT_MADE;
        }
        return result.equals("ok") ? Outcome.OVERCOME : Outcome.TOLD;
    }

    /** Removes what the victim was not let remove; its next start there would, too. */
    private void removeSockets() throws IOException {
        try (Stream<Path> sockets = Files.list(directory)) {
            for (Path socket : sockets.toList()) {
                Files.delete(socket);
            }
        }
    }

    private List<String> strace(Fault fault, Path trace) {
        String calls = "?" + fault.call().name().replace("/", ",?");
        List<String> command = new ArrayList<>(List.of(
                "strace",
                "-f",
                "-p",
                Long.toString(victim.pid()),
                "-o",
                trace.toString(),
                "-e",
                "trace=" + calls,
                "-e",
                "inject=" + calls + ":error=" + fault.error() + ":when=" + fault.nth()));
        if (fault.call().file() != null) {
            command.addAll(List.of("-P", fault.call().file()));
        }
        return command;
    }

    /** Returns whether the thread is traced that all others of the engine descend from; strace follows it to them. */
    private boolean isTraced() throws IOException {
        return !Files.readString(thread.resolve("status")).contains("TracerPid:\t0\n");
    }
}
