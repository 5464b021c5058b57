package io.penstock.sysctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.netlink.Sysctls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On files that look like /proc/sys. */
class SysctlHolderTest {
    private static final String ARP_IGNORE = "net.ipv4.conf.all.arp_ignore";
    private static final String RP_FILTER = "net.ipv4.conf.all.rp_filter";

    @TempDir
    private Path directory;

    private Sysctls sysctls;

    @BeforeEach
    void boot() throws IOException {
        sysctls = new Sysctls(directory.resolve("sys"));
        set("kernel.random.boot_id", "6c0e3a3e");
        set(ARP_IGNORE, "0");
        set(RP_FILTER, "1");
    }

    @Test
    void shouldSetWhatIsWantedAndPutItBack() throws IOException {
        SysctlHolder holder = open();
        assertEquals(List.of(), holder.hold(Map.of(ARP_IGNORE, "1", RP_FILTER, "2")));
        assertEquals("1", sysctls.read(ARP_IGNORE));
        assertEquals("2", sysctls.read(RP_FILTER));

        assertEquals(List.of(), holder.release());
        assertEquals("0", sysctls.read(ARP_IGNORE));
        assertEquals("1", sysctls.read(RP_FILTER));
        assertEquals(List.of(), remembered());
    }

    @Test
    void shouldPutBackWhatAKilledRunHasSet() throws IOException {
        open().hold(Map.of(ARP_IGNORE, "1"));

        SysctlHolder next = open();
        next.hold(Map.of(ARP_IGNORE, "1"));
        next.release();
        assertEquals("0", sysctls.read(ARP_IGNORE));
    }

    @Test
    void shouldPutBackWhatTheNextRunDoesNotWant() throws IOException {
        open().hold(Map.of(ARP_IGNORE, "1", RP_FILTER, "2"));

        SysctlHolder next = open();
        next.hold(Map.of(ARP_IGNORE, "2"));
        assertEquals("1", sysctls.read(RP_FILTER));
        assertEquals("2", sysctls.read(ARP_IGNORE));

        next.release();
        assertEquals("0", sysctls.read(ARP_IGNORE));
    }

    @Test
    void shouldKeepWhatIsHeldWhenMoreIsToBeHeld() throws IOException {
        open().holdAlso(Map.of(ARP_IGNORE, "1"));

        SysctlHolder next = open();
        assertEquals(List.of(), next.holdAlso(Map.of(RP_FILTER, "2")));
        assertEquals("1", sysctls.read(ARP_IGNORE));
        assertEquals("2", sysctls.read(RP_FILTER));

        SysctlHolder last = open();
        assertEquals(List.of(), last.release());
        assertEquals("0", sysctls.read(ARP_IGNORE));
        assertEquals("1", sysctls.read(RP_FILTER));
    }

    @Test
    void shouldLeaveWhatSomeoneElseHasSetMeanwhile() throws IOException {
        SysctlHolder holder = open();
        holder.hold(Map.of(ARP_IGNORE, "1"));
        sysctls.write(ARP_IGNORE, "8");

        holder.release();
        assertEquals("8", sysctls.read(ARP_IGNORE));
    }

    @Test
    void shouldSetItAgainAndPutBackWhatSomeoneElseHasSet() throws IOException {
        SysctlHolder holder = open();
        holder.hold(Map.of(ARP_IGNORE, "1"));
        sysctls.write(ARP_IGNORE, "8");
        holder.hold(Map.of(ARP_IGNORE, "1"));
        assertEquals("1", sysctls.read(ARP_IGNORE));

        holder.release();
        assertEquals("8", sysctls.read(ARP_IGNORE));
    }

    @Test
    void shouldNotTakeForItsOwnWhatWasSoBefore() throws IOException {
        SysctlHolder holder = open();
        holder.hold(Map.of(RP_FILTER, "1"));
        assertEquals(List.of(), remembered());

        holder.release();
        assertEquals("1", sysctls.read(RP_FILTER));
    }

    @Test
    void shouldForgetWhatWasOfAnotherBoot() throws IOException {
        open().hold(Map.of(ARP_IGNORE, "1"));
        set("kernel.random.boot_id", "f00dcafe");

        SysctlHolder next = open();
        next.hold(Map.of(ARP_IGNORE, "1"));
        next.release();
        assertEquals("1", sysctls.read(ARP_IGNORE));
    }

    @Test
    void shouldNameWhatThisKernelDoesNotHaveAndHoldTheRest() throws IOException {
        SysctlHolder holder = open();
        List<String> problems = holder.hold(Map.of("net.ipv6.fib_multipath_hash_policy", "1", ARP_IGNORE, "1"));

        assertEquals(List.of("net.ipv6.fib_multipath_hash_policy: this kernel has no such setting"), problems);
        assertEquals("1", sysctls.read(ARP_IGNORE));
    }

    @Test
    void shouldForgetWhatWentWithItsInterface() throws IOException {
        set("net.ipv4.conf.eth7.arp_ignore", "0");
        SysctlHolder holder = open();
        assertEquals(List.of(), holder.hold(Map.of("net.ipv4.conf.eth7.arp_ignore", "1")));
        Files.delete(directory.resolve("sys/net/ipv4/conf/eth7/arp_ignore"));

        assertEquals(List.of(), holder.release());
        assertEquals(List.of(), remembered());
    }

    @Test
    void shouldHoldAndSaySoWhenItCannotRemember() throws IOException {
        Files.createFile(directory.resolve("state"));
        SysctlHolder holder = open();
        List<String> problems = holder.hold(Map.of(ARP_IGNORE, "1"));
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).startsWith("kernel settings are not remembered in " + directory.resolve("state")));

        holder.release();
        assertEquals("0", sysctls.read(ARP_IGNORE));
    }

    @Test
    void shouldReadAFileThatIsNoneAsNothing() throws IOException {
        open().hold(Map.of(ARP_IGNORE, "1"));
        Files.write(remembered().get(0), List.of("boot 6c0e3a3e", "", ARP_IGNORE, "a b c d"));

        SysctlHolder next = open();
        next.hold(Map.of(ARP_IGNORE, "1"));
        next.release();
        assertEquals("1", sysctls.read(ARP_IGNORE));
    }

    private SysctlHolder open() throws IOException {
        return SysctlHolder.open(sysctls, directory.resolve("state"), "an-agent", 210);
    }

    private List<Path> remembered() throws IOException {
        Path state = directory.resolve("state");
        if (!Files.isDirectory(state)) {
            return List.of();
        }
        try (var files = Files.list(state)) {
            return files.toList();
        }
    }

    private void set(String key, String value) throws IOException {
        Path file = directory.resolve("sys").resolve(key.replace('.', '/'));
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
    }
}
