package io.shmipc.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What a reader must know of the machine and the run to judge its figures. */
final class Facts {

    private Facts() {}

    static List<String> of(Plan plan, Arena arena, String systemCalls, String go) throws IOException {
        List<String> facts = new ArrayList<>();
        facts.add("Machine: " + processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, Linux "
                + System.getProperty("os.version"));
        facts.add("JDK: " + System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.add("Flags of the measured JVMs: `"
                + String.join(
                        " ",
                        arena.jvmFlags().stream()
                                .filter(flag -> flag.startsWith("-X"))
                                .toList())
                + "`");
        facts.add("Rounds: " + plan.rounds() + ", each job about " + plan.jobSeconds()
                + " s after a quarter of it as warm-up");
        facts.add("System calls counted by: " + systemCalls);
        facts.add("Go peer: " + go);
        return facts;
    }

    /** Returns when a group was measured, which sources, and what else the machine did. */
    static String of(Group group) throws IOException {
        return "Measured: " + group.label() + " on " + LocalDate.now(ZoneOffset.UTC) + ", sources of commit "
                + System.getProperty("shmipc.benchmark.revision", "unknown") + ", load average when it began: "
                + Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0];
    }

    private static String processor() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
            if (line.startsWith("model name")) {
                return line.substring(line.indexOf(':') + 1).trim();
            }
        }
        return System.getProperty("os.arch", "unknown processor");
    }
}
