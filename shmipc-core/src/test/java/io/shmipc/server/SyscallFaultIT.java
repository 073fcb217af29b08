package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import io.shmipc.interop.ChildProcess;
import io.shmipc.reliability.Figures;
import io.shmipc.reliability.Reliability;
import io.shmipc.session.Duo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * System calls that fail, by strace in a process that uses the engine as it is: each call of each thread with each error
 * that its manual page has for a correct caller. What cannot go on ends with an error that names the call; nothing stays
 * open or behind, and the next attempt succeeds.
 */
@Reliability
@Timeout(240)
class SyscallFaultIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /**
     * A call, with what it is called on other processors or kernels, whether the engine can go on when it fails, and the
     * errors. Left out are those that the JVM itself does not survive, such as a failing mmap.
     */
    private record Call(String name, boolean optional, List<String> errors) {

        static Call needed(String name, String... errors) {
            return new Call(name, false, List.of(errors));
        }

        static Call optional(String name, String... errors) {
            return new Call(name, true, List.of(errors));
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
            Call.optional("unlink/unlinkat", "EACCES", "EBUSY", "EROFS"));

    private record Fault(Call call, String error) {

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

    /** Returns every fault, the first errors of all calls first. */
    private static List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (int error = 0; error < 6; error++) {
            for (Call call : CALLS) {
                if (error < call.errors().size()) {
                    faults.add(new Fault(call, call.errors().get(error)));
                }
            }
        }
        return faults;
    }

    private String run(MemoryType type) {
        victim.command("run " + type);
        return victim.await("RESULT", PATIENCE);
    }

    private String count() {
        victim.command("count");
        return victim.await("FILES", PATIENCE);
    }

    @Test
    void everyCallMayFail() throws Exception {
        for (MemoryType type : MemoryType.values()) {
            assertThat(run(type)).isEqualTo("ok");
            assertThat(run(type)).isEqualTo("ok");
        }
        String before = count();
        Figures.keep("syscalls.failing", CALLS.size(), "errors of system calls, cleanly told or overcome", figure -> {
            int told = 0;
            List<Fault> faults = faults();
            List<Fault> chosen = faults.subList(0, (int) Math.min(faults.size(), figure.count()));
            for (Fault fault : chosen) {
                told += inject(fault, before) ? 1 : 0;
            }
            return "%d errors of %d calls: %d runs ended with an error, the others went on"
                    .formatted(chosen.size(), CALLS.size(), told);
        });
    }

    /** Returns whether a run ended with an error. */
    private boolean inject(Fault fault, String filesBefore) throws Exception {
        String result;
        boolean usedByFiles = !fault.call().name().matches("memfd_create|fcntl|sendmsg|recvmsg");
        MemoryType type = usedByFiles ? MemoryType.FILE : MemoryType.MEMFD;
        String calls = "?" + fault.call().name().replace("/", ",?");
        Path trace = traces.resolve("trace");
        ChildProcess strace = ChildProcess.start(
                List.of(
                        "strace",
                        "-f",
                        "-p",
                        Long.toString(victim.pid()),
                        "-o",
                        trace.toString(),
                        "-e",
                        "trace=" + calls,
                        "-e",
                        "inject=" + calls + ":error=" + fault.error() + ":when=1"),
                Map.of());
        try (strace) {
            Awaitility.await().atMost(PATIENCE).until(() -> {
                strace.requireAlive();
                return isTraced();
            });
            result = run(type);
            if (!result.equals("ok")) {
                assertThat(result).as("%s", fault).contains("io.shmipc.").doesNotContain("NullPointer");
            }
            if (!fault.call().optional()) {
                assertThat(result).as("%s", fault).contains(fault.told());
            }
            // Told to end, it lets go of its threads first; killed, it would leave a call half changed.
            ProcessHandle.of(strace.pid()).ifPresent(ProcessHandle::destroy);
            Awaitility.await().atMost(PATIENCE).until(() -> !strace.isAlive());
        }
        assertThat(trace).as("%s", fault).content().contains("(INJECTED)");
        assertThat(run(type)).as("after %s", fault).isEqualTo("ok");
        if (!fault.call().name().startsWith("unlink")) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(count())
                            .as("files after %s, which ended with %s", fault, result)
                            .isEqualTo(filesBefore));
        }
        return !result.equals("ok");
    }

    /** Returns whether the thread is traced that all others of the engine descend from; strace follows it to them. */
    private boolean isTraced() throws IOException {
        return !Files.readString(thread.resolve("status")).contains("TracerPid:\t0\n");
    }
}
