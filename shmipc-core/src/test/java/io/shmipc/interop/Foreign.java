package io.shmipc.interop;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Peers that are written in another language, and so need its tools. */
enum Foreign {
    GO("shmipc-go v0.2.0", "go", "version"),
    RUST("shmipc-rs 0.2.1", "cargo", "--version");

    /** Set to "true" where a missing tool must fail tests instead of skipping them. */
    static final String REQUIRED = "SHMIPC_REQUIRE_INTEROP";

    private final String library;
    private final String program;
    private final String versionFlag;

    Foreign(String library, String program, String versionFlag) {
        this.library = library;
        this.program = program;
        this.versionFlag = versionFlag;
    }

    /** Returns the library that speaks, and its version. */
    String library() {
        return library;
    }

    /** Returns the version of the tool that builds this peer, as it tells it. */
    String tool() {
        return ToolChain.find(program)
                .map(path -> ToolChain.output(path, versionFlag))
                .orElse("nothing, there is no " + program);
    }

    /** Returns why this peer cannot run here, or nothing if it can. */
    Optional<String> problem() {
        return this == GO ? GoPeer.problem() : RustPeer.problem();
    }

    /** Skips the test if this peer cannot run here, unless that must be a failure. */
    void require() {
        problem().filter(problem -> !areRequired()).ifPresent(Assumptions::abort);
    }

    static boolean areRequired() {
        return "true".equals(System.getenv(REQUIRED));
    }
}
