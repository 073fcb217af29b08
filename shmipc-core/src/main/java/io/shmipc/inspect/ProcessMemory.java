package io.shmipc.inspect;

import io.shmipc.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The memory that a process may share with others, found through /proc: its memfds, and the files that it has mapped
 * for writing, shared.
 *
 * @param mappings what can be opened, each memory once
 * @param unreachable what cannot
 */
record ProcessMemory(List<Mapping> mappings, List<Unrecognised> unreachable) {

    private static final String MEMFD = "/memfd:";
    private static final String DELETED = " (deleted)";
    private static final int MAPS_FIELDS = 6;
    private static final int MAPS_RANGE = 0;
    private static final int MAPS_PERMISSIONS = 1;
    private static final int MAPS_INODE = 4;
    private static final int MAPS_NAME = 5;

    /** Where one piece of memory can be opened, and what it is called. */
    record Mapping(String name, Path path) {}

    /** A line of /proc/PID/maps: a shared, writable mapping of a file. */
    private record Line(String range, String inode, String target) {}

    /**
     * Looks into a process.
     *
     * @throws InspectionException if there is none, or it may not be looked into
     */
    static ProcessMemory of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            Search search = new Search(process);
            search.readMaps();
            search.followDescriptors();
            search.followMaps();
            return new ProcessMemory(List.copyOf(search.found.values()), List.copyOf(search.unreachable));
        } catch (AccessDeniedException e) {
            throw new InspectionException(
                    Reason.ACCESS_DENIED,
                    "You have no permission to look into process " + pid + "; its user and root do.",
                    e);
        } catch (IOException e) {
            if (!Files.exists(process)) {
                throw new InspectionException(
                        Reason.SYSTEM_CALL_FAILED, "There is no process " + pid + " on this machine.", e);
            }
            throw new InspectionException(
                    Reason.SYSTEM_CALL_FAILED, "Process " + pid + " cannot be looked into: " + e.getMessage() + ".", e);
        }
    }

    private static final class Search {

        private final Path process;
        private final Map<String, Mapping> found = new LinkedHashMap<>();
        private final List<Unrecognised> unreachable = new ArrayList<>();
        private final List<Line> lines = new ArrayList<>();
        private final Set<String> targets = new HashSet<>();
        private final Set<String> covered = new HashSet<>();

        Search(Path process) {
            this.process = process;
        }

        void readMaps() throws IOException {
            byte[] bytes = Files.readAllBytes(process.resolve("maps"));
            for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
                String[] fields = line.split(" +", MAPS_FIELDS);
                if (fields.length == MAPS_FIELDS
                        && fields[MAPS_PERMISSIONS].startsWith("rw")
                        && fields[MAPS_PERMISSIONS].endsWith("s")
                        && fields[MAPS_NAME].startsWith("/")
                        && !fields[MAPS_NAME].startsWith("/dev/zero")) {
                    lines.add(new Line(fields[MAPS_RANGE], fields[MAPS_INODE], fields[MAPS_NAME]));
                    targets.add(fields[MAPS_NAME]);
                }
            }
        }

        /** Finds what the process has open: that works for memory without a name, too. */
        void followDescriptors() throws IOException {
            Map<Integer, Path> links = new TreeMap<>();
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
                for (Path descriptor : descriptors) {
                    links.put(Integer.valueOf(descriptor.getFileName().toString()), descriptor);
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            for (Path link : links.values()) {
                try {
                    String target = Files.readSymbolicLink(link).toString();
                    if (target.startsWith(MEMFD) || targets.contains(target)) {
                        String identity = identity(link);
                        found.putIfAbsent(identity, new Mapping(label(target), link));
                        covered.add(inodeOf(identity) + target);
                    }
                } catch (IOException e) {
                    // It was closed meanwhile.
                }
            }
        }

        /** Finds what is mapped, but not open any more. */
        void followMaps() {
            for (Line line : lines) {
                if (covered.add(line.inode + line.target)) {
                    follow(line);
                }
            }
        }

        private void follow(Line line) {
            boolean nameless = line.target.endsWith(DELETED);
            try {
                // The process may live in a container, where names mean other files.
                Path path = nameless
                        ? process.resolve("map_files").resolve(line.range)
                        : process.resolve("root").resolve(line.target.substring(1));
                String identity = identity(path);
                if (inodeOf(identity).equals(line.inode)) {
                    found.putIfAbsent(identity, new Mapping(label(line.target), path));
                }
            } catch (IOException | InvalidPathException e) {
                unreachable.add(new Unrecognised(
                        label(line.target),
                        nameless
                                ? "mapped but not open any more, so that only root can look at it"
                                : "mapped but cannot be opened"));
            }
        }

        private static String identity(Path path) throws IOException {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino");
            return attributes.get("dev") + ":" + attributes.get("ino");
        }

        private static String inodeOf(String identity) {
            return identity.substring(identity.indexOf(':') + 1);
        }

        private static String label(String target) {
            String name = target.endsWith(DELETED) ? target.substring(0, target.length() - DELETED.length()) : target;
            return name.startsWith(MEMFD) ? Names.memfd(name.substring(MEMFD.length())) : name;
        }
    }
}
