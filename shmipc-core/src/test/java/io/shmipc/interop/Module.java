package io.shmipc.interop;

import java.nio.file.Path;

/** Where the sources of this module lie. */
final class Module {

    private Module() {}

    /** Returns the directory of this module's POM, which Maven names; elsewhere it is the working directory. */
    static Path directory() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    }
}
