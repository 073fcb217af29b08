package io.shmipc.spring.boot.test.testcontainers;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import io.shmipc.Network;
import io.shmipc.ShmipcAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells where on this machine the socket is that a container says it listens on. */
final class SharedSocket {

    private static final String VARIABLE = "SHMIPC_SERVER_ADDRESS";
    private static final String LABEL = "io.shmipc.address";

    private SharedSocket() {}

    /**
     * Returns the address as it is here.
     *
     * @throws IllegalStateException if the container does not tell its address, or shares no directory that holds it
     */
    static ShmipcAddress of(InspectContainerResponse container) {
        String text = address(container.getConfig());
        if (text == null) {
            throw new IllegalStateException("The container " + container.getName()
                    + " does not say where it listens. Set its variable " + VARIABLE + ", or its label " + LABEL
                    + " if it is no Spring Boot application: unix:/path/in/the/container.");
        }
        ShmipcAddress inside = ShmipcAddress.parse(text);
        if (inside.network() != Network.UNIX) {
            throw new IllegalStateException("The container " + container.getName() + " listens on " + text
                    + ", but shared memory reaches a container through a unix socket only. Let it listen on a path.");
        }
        Path path = Path.of(inside.target());
        List<InspectContainerResponse.Mount> mounts = Objects.requireNonNullElse(container.getMounts(), List.of());
        return mounts.stream()
                .filter(mount -> mount.getSource() != null && mount.getDestination() != null)
                .filter(mount -> path.startsWith(mount.getDestination().getPath()))
                .map(mount -> Path.of(mount.getSource())
                        .resolve(Path.of(mount.getDestination().getPath()).relativize(path)))
                .findFirst()
                .map(found -> ShmipcAddress.parse("unix:" + found))
                .orElseThrow(() -> new IllegalStateException("The container " + container.getName() + " listens on "
                        + path + ", which lies in no directory of this machine. Bind one to "
                        + path.getParent() + "."));
    }

    private static @Nullable String address(ContainerConfig config) {
        String[] variables = Objects.requireNonNullElse(config.getEnv(), new String[0]);
        return Arrays.stream(variables)
                .filter(variable -> variable.startsWith(VARIABLE + "="))
                .map(variable -> variable.substring(VARIABLE.length() + 1))
                .findFirst()
                .orElseGet(() -> {
                    Map<String, String> labels = config.getLabels();
                    return labels == null ? null : labels.get(LABEL);
                });
    }
}
