package io.penstock.ecmp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.NetworkNamespace;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of routes, and of what they hash by, when the agent of a router ends and begins again. */
@Timeout(120)
class RoutesAtEndIT {
    private static final String VIP = "192.0.2.10";
    private static final String HASH_POLICY = "/proc/sys/net/ipv4/fib_multipath_hash_policy";

    @TempDir
    Path directory;

    private NetworkNamespace router;

    @BeforeEach
    void make() throws Exception {
        router = NetworkNamespace.create();
        router.addCable("v1", "w1");
        router.addCable("v2", "w2");
        router.ip("addr add 10.0.1.1/24 dev v1");
        router.ip("addr add 10.0.2.1/24 dev v2");
    }

    @AfterEach
    void end() {
        if (router != null) {
            router.close();
        }
    }

    @Test
    void shouldLeaveRoutesForNextRunAndRemoveThemWhenToldSo() throws Exception {
        assertEquals("0", hashPolicy());
        try (DistProcess first = agent()) {
            awaitRoute();
            assertEquals("1", hashPolicy());
            assertEquals(0, first.stop());
        }
        String left = route();
        String objects = router.ip("nexthop show");
        assertTrue(left.contains("nhid"), left);
        assertEquals("1", hashPolicy(), "another policy would move every flow");
        try (DistProcess last = agent("--withdraw")) {
            assertEquals(left, route(), "adopted as it was");
            assertEquals(objects, router.ip("nexthop show"));
            assertEquals(0, last.stop());
        }
        assertEquals("", route());
        assertEquals("", router.ip("nexthop show"));
        assertEquals("0", hashPolicy());
    }

    @Test
    void shouldAdoptRoutesOfKilledRun() throws Exception {
        try (DistProcess killed = agent()) {
            awaitRoute();
            killed.kill();
        }
        String left = route();
        String objects = router.ip("nexthop show");
        try (DistProcess next = agent("--withdraw")) {
            assertEquals(left, route());
            assertEquals(objects, router.ip("nexthop show"));
            assertEquals(0, next.stop());
        }
        assertEquals("", route());
        assertEquals("0", hashPolicy());
    }

    private DistProcess agent(String... options) throws Exception {
        return DistProcess.agent(router, directory, """
                state-directory: %s
                routes:
                  web: { prefix: %s/32, group: resilient, health: none, legs: [10.0.1.11, 10.0.2.11] }
                """.formatted(directory, VIP), options);
    }

    private void awaitRoute() throws Exception {
        NetworkNamespace.await("a route to the VIP", () -> !route().isEmpty());
    }

    private String route() throws Exception {
        return router.ip("route show " + VIP);
    }

    private String hashPolicy() throws Exception {
        return router.run("cat", HASH_POLICY).strip();
    }
}
