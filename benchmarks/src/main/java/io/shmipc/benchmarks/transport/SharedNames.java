package io.shmipc.benchmarks.transport;

import java.nio.file.Path;

/** Names in shared memory, which tell the run that they belong to. */
final class SharedNames {

    private SharedNames() {}

    /** Returns the name for a place: the run's directory and the place's own name. */
    static Path of(Path place) {
        return Path.of("/dev/shm", place.getName(place.getNameCount() - 2) + "-" + place.getFileName());
    }
}
