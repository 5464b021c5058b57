package io.penstock.ecmp.sysctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.penstock.netlink.Sysctls;
import io.penstock.sysctl.SysctlHolder;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the settings of network namespaces. */
class SysctlHolderKernelTest {
    private static final String ARP_IGNORE = "net.ipv4.conf.all.arp_ignore";
    private static final String HASH = "net.ipv6.fib_multipath_hash_policy";

    @TempDir
    private Path state;

    private final Sysctls sysctls = new Sysctls();

    @Test
    void shouldHoldAndPutBackTheSettingsOfItsOwnNamespace() throws Exception {
        try (NetworkNamespace one = NetworkNamespace.create();
                NetworkNamespace other = NetworkNamespace.create()) {
            other.call(() -> open().hold(Map.of(ARP_IGNORE, "2")));
            SysctlHolder holder = one.call(this::open);
            assertEquals(List.of(), one.call(() -> holder.hold(Map.of(ARP_IGNORE, "1", HASH, "1"))));
            assertEquals("1", read(one, ARP_IGNORE));
            assertEquals("1", read(one, HASH));
            assertEquals("2", read(other, ARP_IGNORE));
            try (var files = Files.list(state)) {
                assertEquals(2, files.count());
            }

            assertEquals(List.of(), one.call(holder::release));
            assertEquals("0", read(one, ARP_IGNORE));
            assertEquals("0", read(one, HASH));
            assertEquals("2", read(other, ARP_IGNORE));

            SysctlHolder next = other.call(this::open);
            assertEquals(List.of(), other.call(next::release));
            assertEquals("0", read(other, ARP_IGNORE));
        }
    }

    @Test
    void shouldLeaveWhatAnotherAgentOfTheNamespaceHolds() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create()) {
            namespace.call(() -> open().hold(Map.of(ARP_IGNORE, "1")));

            SysctlHolder other = namespace.call(() -> SysctlHolder.open(sysctls, state, "ecmp-agent", 211));
            assertEquals(List.of(), namespace.call(() -> other.hold(Map.of(HASH, "1"))));
            assertEquals("1", read(namespace, ARP_IGNORE));
            assertEquals(List.of(), namespace.call(other::release));
            assertEquals("1", read(namespace, ARP_IGNORE));

            SysctlHolder next = namespace.call(this::open);
            assertEquals(List.of(), namespace.call(next::release));
            assertEquals("0", read(namespace, ARP_IGNORE));
        }
    }

    @Test
    void shouldNameAValueThatTheKernelRefuses() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create()) {
            List<String> problems = namespace.call(() -> open().hold(Map.of(HASH, "99", ARP_IGNORE, "1")));
            assertEquals(1, problems.size());
            assertEquals(HASH + " = 99", problems.get(0).split(":", -1)[0]);
            assertNotEquals("99", read(namespace, HASH));
            assertEquals("1", read(namespace, ARP_IGNORE));
        }
    }

    private SysctlHolder open() throws Exception {
        return SysctlHolder.open(sysctls, state, "ecmp-agent", 210);
    }

    private String read(NetworkNamespace namespace, String key) throws Exception {
        return namespace.call(() -> sysctls.read(key));
    }
}
