package io.penstock.bgp.health;

import static io.penstock.testing.NetworkNamespace.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bgp.config.VipHealth;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a VIP's condition when somebody changes the addresses of the host, by ip(8). */
@Timeout(120)
class AddressPresenceIT {
    private static final String VIP = "192.0.2.10";
    private static final String VIP6 = "2001:db8::10";

    /** Each is told of; some ten thousand fit. */
    private static final int CHANGES = 30_000;

    @TempDir
    Path directory;

    private final CountDownLatch never = new CountDownLatch(0);
    private final AtomicReference<CountDownLatch> heldUp = new AtomicReference<>(never);
    private NetworkNamespace host;
    private HealthWatches watches;

    @BeforeEach
    void begin() throws Exception {
        host = NetworkNamespace.create();
        watches = host.call(() -> new HealthWatches(this::wake, System::nanoTime, new LinuxSyscalls()));
        watches.watch(Vips.config(
                Vips.vip("web", VIP, true, new VipHealth.None()), Vips.vip("web6", VIP6, true, new VipHealth.None())));
    }

    @AfterEach
    void end() {
        heldUp.get().countDown();
        if (watches != null) {
            watches.close();
        }
        if (host != null) {
            host.close();
        }
    }

    private void wake() {
        try {
            heldUp.get().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldFollowAddressThatComesAndGoes() throws Exception {
        assertFalse(isPresent("web"));
        host.ip("address add " + VIP + "/32 dev lo");
        host.ip("address add " + VIP6 + "/128 dev lo nodad");
        await("present", () -> isPresent("web") && isPresent("web6"));
        host.ip("address del " + VIP + "/32 dev lo");
        await("one absent", () -> !isPresent("web") && isPresent("web6"));
        host.ip("address add " + VIP + "/32 dev lo valid_lft 3 preferred_lft 3");
        await("present again", () -> isPresent("web"));
        await("gone by itself", () -> !isPresent("web"));
        host.ip("address flush dev lo");
        await("both absent", () -> !isPresent("web6"));
    }

    @Test
    void shouldHaveAddressWhileItIsOnAnyInterface() throws Exception {
        host.addCable("one", "other");
        host.ip("address add " + VIP + "/24 dev one");
        host.ip("address add " + VIP + "/32 dev lo");
        host.ip("address add " + VIP6 + "/128 dev one nodad");
        await("present", () -> isPresent("web") && isPresent("web6"));
        host.ip("address del " + VIP + "/32 dev lo");
        host.ip("link set one down");
        // The kernel takes IPv6 addresses from an interface that is set down; IPv4 ones go on being served.
        await("IPv6 absent", () -> !isPresent("web6"));
        assertTrue(isPresent("web"));
        host.ip("link del one");
        await("absent", () -> !isPresent("web"));
    }

    /** Whose detection of duplicates takes the kernel a second or two. */
    @Test
    void shouldWaitUntilNobodyElseHasIt() throws Exception {
        host.addCable("one", "other");
        host.ip("address add " + VIP6 + "/64 dev one");
        while (host.ip("address show dev one to " + VIP6).contains("tentative")) {
            assertFalse(isPresent("web6")
                    && host.ip("address show dev one to " + VIP6).contains("tentative"));
            Thread.sleep(50);
        }
        await("present", () -> isPresent("web6"));
    }

    @Test
    void shouldBeRightAfterMoreThanTheKernelCouldTell() throws Exception {
        host.ip("address add " + VIP6 + "/128 dev lo nodad");
        await("present", () -> isPresent("web6"));
        CountDownLatch released = new CountDownLatch(1);
        heldUp.set(released);
        host.ip("address add " + VIP + "/32 dev lo");
        await("held up", () -> isPresent("web"));
        changeOften();
        host.ip("address del " + VIP6 + "/128 dev lo");
        assertTrue(drops() > 0, "the kernel had to drop some of it");
        assertTrue(isPresent("web6"), "nobody can have heard");
        heldUp.set(never);
        released.countDown();
        await("absent", () -> !isPresent("web6"));
        assertTrue(isPresent("web"));
        host.ip("address del " + VIP + "/32 dev lo");
        await("as before", () -> !isPresent("web"));
        assertEquals(
                1L,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("bgp-addr"))
                        .count());
    }

    private void changeOften() throws Exception {
        String twice = "address add 198.51.100.1/32 dev lo\naddress del 198.51.100.1/32 dev lo\n";
        Path file = Files.writeString(directory.resolve("batch"), twice.repeat(CHANGES / 2));
        host.ip("-batch " + file);
    }

    /** Of all netlink sockets of the namespace: sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode. */
    private long drops() throws Exception {
        return Arrays.stream(host.run("cat", "/proc/net/netlink").split("\n", -1))
                .skip(1)
                .filter(line -> !line.isBlank())
                .mapToLong(line -> Long.parseLong(line.strip().split(" +", -1)[8]))
                .sum();
    }

    private boolean isPresent(String vip) {
        return watches.now().get(vip).present();
    }
}
