package io.shmipc.sys;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether this machine and this JVM can run shmipc, before any native code is touched.
 *
 * <p><b>Threads:</b> any.
 */
public final class Platform {
    private static final boolean ARM64 = "aarch64".equals(System.getProperty("os.arch"));

    private Platform() {}

    /**
     * Makes sure that native calls work here.
     *
     * @throws UnsupportedOperationException if the operating system is not Linux, the processor is neither x86-64 nor
     *     aarch64, or JNA cannot load its native part; the message says which and what helps
     */
    public static void requireSupported() {
        String refusal = refusal(property("os.name"), property("os.arch"));
        if (refusal == null) {
            refusal = Loading.REFUSAL;
        }
        if (refusal != null) {
            throw new UnsupportedOperationException(refusal);
        }
    }

    /** Tells whether this is an aarch64 processor, where queue and epoll layouts differ from x86-64. */
    public static boolean isArm64() {
        return ARM64;
    }

    /** Returns why shmipc cannot run on such a machine, or null when it can. */
    static @Nullable String refusal(String operatingSystem, String architecture) {
        boolean linux = operatingSystem.toLowerCase(Locale.ROOT).startsWith("linux");
        boolean knownProcessor = switch (architecture) {
            case "amd64", "x86_64", "aarch64" -> true;
            default -> false;
        };
        if (linux && knownProcessor) {
            return null;
        }
        return "shmipc runs on Linux on x86-64 and aarch64 only; this is " + operatingSystem + " on " + architecture;
    }

    /** Returns what to do about a native library that could not be loaded. */
    static String remedy(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "JNA could not be loaded (" + cause + "). It has to be on the class path (net.java.dev.jna:jna)."
                + " If the temporary directory is mounted noexec or read-only, name another one with"
                + " -Djna.tmpdir=DIRECTORY. On JDK 22 and later allow native access with"
                + " --enable-native-access=ALL-UNNAMED";
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    /** Loads the native part once and remembers the outcome. */
    private static final class Loading {
        static final @Nullable String REFUSAL = load();

        private static @Nullable String load() {
            try {
                Libc.errno();
                return null;
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Error | RuntimeException e) {
                return remedy(e);
            }
        }
    }
}
