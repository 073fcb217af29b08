package io.shmipc.interop;

import io.shmipc.ShmipcAddress;
import java.util.ArrayList;
import java.util.List;

/** Starts the Go peer's subcommands that connect. */
public final class GoClient {

    private GoClient() {}

    /** Starts a subcommand that connects with the given memory, under names of the workspace. */
    public static ChildProcess start(
            String subcommand, ShmipcAddress address, Cell.Link link, Workspace workspace, String... flags) {
        List<String> arguments = new ArrayList<>(List.of(subcommand));
        arguments.addAll(GoPeer.at(address));
        arguments.addAll(List.of("-memory", link.memoryName(), "-path-prefix", workspace.pathPrefix()));
        arguments.addAll(List.of(flags));
        return GoPeer.start(arguments);
    }
}
