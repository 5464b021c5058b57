package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.linux.NewNetwork;
import io.penstock.linux.OpenFds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OpenFds.class)
@Timeout(60)
class SysctlsTest {
    private static final String ARP_IGNORE = "net.ipv4.conf.all.arp_ignore";

    private final Sysctls sysctls = new Sysctls();

    @Test
    void shouldBeOfTheThreadsOwnNetwork() throws Throwable {
        String outside = sysctls.read(ARP_IGNORE);
        NewNetwork.run(() -> {
            String other = sysctls.read(ARP_IGNORE).equals("1") ? "2" : "1";
            sysctls.write(ARP_IGNORE, other);

            assertEquals(other, sysctls.read(ARP_IGNORE));
        });
        assertEquals(outside, sysctls.read(ARP_IGNORE));
    }

    @Test
    void shouldFindAnInterfaceThatHasADotInItsName() throws Throwable {
        NewNetwork.run(() -> {
            Ip.run("link", "add", "west.7", "type", "veth", "peer", "name", "east");
            sysctls.write("net.ipv4.conf.west/7.rp_filter", "2");

            assertEquals(
                    "2",
                    Files.readString(Path.of("/proc/sys/net/ipv4/conf/west.7/rp_filter"))
                            .strip());
            assertFalse(sysctls.exists("net.ipv4.conf.west.7.rp_filter"));
        });
    }

    @Test
    void shouldNameTheSettingThatIsNotThere() {
        assertTrue(sysctls.exists(ARP_IGNORE));
        assertFalse(sysctls.exists("net.ipv4.conf.all"));
        assertFalse(sysctls.exists("net.ipv4.no_such_thing"));
        assertEquals(
                "net.ipv4.no_such_thing: this kernel has no such setting",
                assertThrows(IOException.class, () -> sysctls.read("net.ipv4.no_such_thing"))
                        .getMessage());
        assertEquals(
                "net.ipv4.no_such_thing = 1: this kernel has no such setting",
                assertThrows(IOException.class, () -> sysctls.write("net.ipv4.no_such_thing", "1"))
                        .getMessage());
    }

    @Test
    void shouldNameTheValueThatTheKernelRefuses() throws Throwable {
        NewNetwork.run(() -> assertEquals(
                ARP_IGNORE + " = many: Invalid argument",
                assertThrows(IOException.class, () -> sysctls.write(ARP_IGNORE, "many"))
                        .getMessage()));
    }

    @Test
    void shouldNotMakeASettingThatIsNotThere(@TempDir Path root) {
        assertThrows(IOException.class, () -> new Sysctls(root).write("net", "1"));
        assertFalse(Files.exists(root.resolve("net")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "//.//.etc.passwd", "net.//.//.//.etc.passwd", ".etc.passwd"})
    void shouldStayBelowItsDirectory(String key) {
        assertThrows(IllegalArgumentException.class, () -> sysctls.read(key));
    }
}
