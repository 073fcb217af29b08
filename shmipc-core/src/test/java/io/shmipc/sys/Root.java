package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;

/**
 * What only root can do: a test that needs it is skipped elsewhere, and fails instead where the environment variable
 * SHMIPC_REQUIRE_ROOT is "true".
 */
public final class Root {

    private Root() {}

    /** Goes on as root only. */
    public static void require(String why) {
        require(PeerCredentials.ownUserId() == 0, why);
    }

    /** Goes on only if something that root can do was done. */
    public static void require(boolean done, String why) {
        if (Boolean.parseBoolean(System.getenv("SHMIPC_REQUIRE_ROOT"))) {
            assertThat(done).as(why).isTrue();
        }
        Assumptions.assumeTrue(done, why);
    }
}
