package io.shmipc.inspect;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The command line: {@code java -jar shmipc-core.jar inspect PATH-or-PID}.
 *
 * <p>Exit codes: 0 nothing is wrong, 1 something is wrong in the memory, 2 there is nothing to report.
 */
public final class Main {

    private static final int OK = 0;
    private static final int PROBLEMS = 1;
    private static final int REFUSED = 2;
    private static final double MAX_WATCH_SECONDS = 86_400;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final Pattern PID = Pattern.compile("[0-9]+");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
    private static final String USAGE = """
            Usage: java -jar shmipc-core.jar inspect PATH|PID [--json] [--watch SECONDS] [--all]

            Shows the shmipc memory in a file, or all that a process shares. It reads only, and may be used on
            memory in use. A file whose name is a number is written ./NUMBER.

              --json            write JSON instead of text
              --watch SECONDS   look repeatedly for that time, to tell how long slices have been in use and whether
                                queues are consumed
              --all             list every slice in use and every waiting element, not only the first 10

            Exit code: 0 nothing is wrong, 1 something is wrong in the memory, 2 there is nothing to report.
            """;

    private Main() {}

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    /** Runs the command and returns its exit code. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        try {
            if (args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"))) {
                out.print(USAGE);
                return OK;
            }
            Command command = parse(args);
            if (command == null) {
                out.print(USAGE);
                return OK;
            }
            Inspection inspection = inspect(command);
            out.print(command.json ? inspection.toJson() + "\n" : inspection.toText(command.all));
            out.flush();
            return inspection.hasProblems() ? PROBLEMS : OK;
        } catch (UsageException e) {
            err.println(Names.printable(String.valueOf(e.getMessage())) + " Try: inspect --help");
            return REFUSED;
        } catch (InspectionException e) {
            err.println(Names.printable(String.valueOf(e.getMessage())));
            return REFUSED;
        }
    }

    private static Inspection inspect(Command command) throws UsageException {
        String target = command.target;
        if (PID.matcher(target).matches()) {
            long pid;
            try {
                pid = Long.parseLong(target);
            } catch (NumberFormatException e) {
                throw new UsageException("There is no process " + target + " on this machine.");
            }
            return Inspection.ofProcess(pid, command.watch);
        }
        try {
            return Inspection.ofFile(Path.of(target), command.watch);
        } catch (InvalidPathException e) {
            throw new UsageException("'" + target + "' cannot be the name of a file: " + e.getReason() + ".");
        }
    }

    private static @Nullable Command parse(String[] args) throws UsageException {
        if (args.length == 0) {
            throw new UsageException("What is to be inspected?");
        }
        if (!args[0].equals("inspect")) {
            throw new UsageException("There is no command '" + args[0] + "'.");
        }
        String target = null;
        Duration watch = Duration.ZERO;
        boolean json = false;
        boolean all = false;
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "--help", "-h" -> {
                    return null;
                }
                case "--json" -> json = true;
                case "--all" -> all = true;
                case "--watch" -> {
                    i++;
                    watch = seconds(i < args.length ? args[i] : "");
                }
                default -> {
                    if (args[i].startsWith("-")) {
                        throw new UsageException("There is no option '" + args[i] + "'.");
                    }
                    if (target != null) {
                        throw new UsageException(
                                "One file or process at a time, not '" + target + "' and '" + args[i] + "'.");
                    }
                    target = args[i];
                }
            }
        }
        if (target == null || target.isEmpty()) {
            throw new UsageException("Which file or process is to be inspected?");
        }
        return new Command(target, watch, json, all);
    }

    private static Duration seconds(String value) throws UsageException {
        double seconds = SECONDS.matcher(value).matches() ? Double.parseDouble(value) : 0;
        if (seconds <= 0 || seconds > MAX_WATCH_SECONDS) {
            throw new UsageException(
                    "--watch takes a number of seconds up to " + (int) MAX_WATCH_SECONDS + ", not '" + value + "'.");
        }
        return Duration.ofMillis(Math.max(1, Math.round(seconds * MILLIS_PER_SECOND)));
    }

    private record Command(String target, Duration watch, boolean json, boolean all) {}

    /** The arguments make no sense; the message is a sentence. */
    private static final class UsageException extends Exception {

        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }
}
