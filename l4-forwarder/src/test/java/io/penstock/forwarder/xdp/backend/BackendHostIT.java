package io.penstock.forwarder.xdp.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.netlink.Sysctls;
import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A network namespace whose settings are files that a test can spoil. */
@Timeout(60)
class BackendHostIT {
    private static final String ARP_IGNORE = "net.ipv4.conf.eth0.arp_ignore";

    @TempDir
    private Path directory;

    private Sysctls sysctls;
    private NetworkNamespace namespace;

    @BeforeEach
    void makeHost() throws Exception {
        sysctls = new Sysctls(directory.resolve("sys"));
        write("kernel.random.boot_id", "boot-1");
        for (String name : List.of("arp_ignore", "arp_announce", "rp_filter")) {
            write("net.ipv4.conf.all." + name, "0");
            write("net.ipv4.conf.eth0." + name, "0");
        }
        namespace = NetworkNamespace.create();
        namespace.addCable("eth0", "peer0");
    }

    @AfterEach
    void removeHost() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private Path file(String key) {
        return directory.resolve("sys").resolve(key.replace('.', '/'));
    }

    private void write(String key, String value) throws IOException {
        Files.createDirectories(file(key).getParent());
        Files.writeString(file(key), value + "\n");
    }

    private BackendHost.Result prepare() throws Exception {
        return namespace.call(() -> {
            try (BackendHost host = open()) {
                return host.prepare();
            }
        });
    }

    private BackendHost open() throws IOException {
        return BackendHost.open(
                Plans.of("192.0.2.10", Encapsulation.L2, "eth0"),
                new LinuxSyscalls(),
                sysctls,
                directory.resolve("pins"),
                directory.resolve("state"),
                "again");
    }

    private boolean isOnLoopback() throws Exception {
        return namespace.ip("-o address show dev lo").contains("192.0.2.10");
    }

    @Test
    void shouldNotPutAVipThatItWouldAnswerFor() throws Exception {
        Files.delete(file(ARP_IGNORE));
        BackendHost.Result refused = prepare();
        assertEquals(
                List.of(
                        ARP_IGNORE + ": this kernel has no such setting",
                        "addresses of VIPs are left as they are: kernel settings could not be put right"),
                refused.problems());
        assertFalse(isOnLoopback());
        assertEquals("2", sysctls.read("net.ipv4.conf.eth0.arp_announce"));

        write(ARP_IGNORE, "0");
        assertEquals(List.of(), prepare().problems());
        assertTrue(isOnLoopback());
        assertEquals("1", sysctls.read(ARP_IGNORE));
    }

    @Test
    void shouldChangeNothingWhenItCannotRemember() throws Exception {
        Files.writeString(directory.resolve("state"), "a file");
        assertThrows(IOException.class, this::prepare);
        assertFalse(isOnLoopback());
        assertEquals("0", sysctls.read(ARP_IGNORE));
    }
}
