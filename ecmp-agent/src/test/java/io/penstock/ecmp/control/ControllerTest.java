package io.penstock.ecmp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.RefusedException;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.EcmpConfigReader;
import io.penstock.ecmp.host.VipState;
import io.penstock.ecmp.host.VipView;
import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.ecmp.kernel.KernelChange.RemoveAddress;
import io.penstock.ecmp.operate.AgentStatus.Phase;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.linux.Syscalls;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent's thread with a kernel that is a list, in real time. */
@Timeout(60)
class ControllerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final IpAddress VIP = IpAddress.parse("192.0.2.10").orElseThrow();

    @TempDir
    Path directory;

    /** By which the clock is ahead of the machine's. */
    private final AtomicLong skippedNs = new AtomicLong();

    private final Syscalls syscalls = new LinuxSyscalls();
    private final FakeKernel kernel = new FakeKernel();
    private FakeNews news;
    private Controller controller;
    private Thread thread;

    @BeforeEach
    void make() throws Exception {
        news = new FakeNews(syscalls);
        controller = new Controller(config("web", "none"), syscalls, kernel, news, this::nowNs);
        thread = new Thread(controller, Controller.THREAD);
    }

    @AfterEach
    void end() throws Exception {
        if (thread.isAlive()) {
            kernel.silence(false);
            controller.stopNow();
        }
        thread.join();
        controller.close();
    }

    private long nowNs() {
        return System.nanoTime() + skippedNs.get();
    }

    private void skip(Duration duration) {
        skippedNs.addAndGet(duration.toNanos());
    }

    private void start() throws Exception {
        controller.begin();
        thread.start();
    }

    @Test
    void shouldPutServedVipAndRefreshItsLease() throws Exception {
        start();
        for (int i = 0; i < 3; i++) {
            PutAddress put = assertInstanceOf(PutAddress.class, kernel.next());
            assertEquals(VIP, put.address().address());
            assertEquals(2, put.address().validSeconds());
        }
        VipView vip = controller.status().vip(VIP).orElseThrow();
        assertEquals(VipState.HELD, vip.state());
        assertEquals(Phase.RUNNING, controller.status().phase());
        assertTrue(controller.figures().value(AgentCounter.REFRESHES) >= 2);
        assertTrue(controller.figures().refreshLateness().count() >= 2);
        assertTrue(controller.figures().made(ChangeKind.PUT_ADDRESS) >= 2);
    }

    /** By when the loop looks how long it may wait, the refresh is due; the next look is not, for 10 s. */
    @Test
    void shouldRefreshLeaseThatFellDueWhileKernelWasBusy() throws Exception {
        kernel.duringChange(() -> skip(LEASE.dividedBy(2)));
        start();
        kernel.next();
        assertInstanceOf(PutAddress.class, kernel.next());
        assertEquals(0, controller.status().vip(VIP).orElseThrow().lapses());
    }

    /** The look that this calls for has to pause for longer than the refresh may wait, since the one before took long. */
    @Test
    void shouldNotRefreshBlindlyWhatIsSomebodyElsesByNow() throws Exception {
        kernel.duringLook(() -> skip(LEASE.dividedBy(4)));
        start();
        InterfaceAddress ours =
                assertInstanceOf(PutAddress.class, kernel.next()).address();
        InterfaceAddress theirs =
                new InterfaceAddress(ours.linkIndex(), VIP, ours.prefixBits(), 0, 0, 0, InterfaceAddress.FOREVER);
        kernel.put(theirs);
        news.tell();
        while (controller.status().vip(VIP).orElseThrow().state() != VipState.FAULT) {
            Thread.sleep(5);
        }
        assertEquals(List.of(theirs), kernel.addresses());
        assertEquals(0, controller.figures().value(AgentCounter.REFRESHES));
    }

    /** The lease would only have been refreshed much later. */
    @Test
    void shouldLookAndRestoreWhenKernelTellsNews() throws Exception {
        start();
        kernel.next();
        kernel.clear();
        kernel.looks.drainPermits();
        news.tell();
        assertTrue(kernel.looks.tryAcquire(20, TimeUnit.SECONDS));
        assertInstanceOf(PutAddress.class, kernel.next());
    }

    @Test
    void shouldLeaveInOrderWhenStopped() throws Exception {
        start();
        kernel.next();
        controller.stop(false);
        assertEquals(Phase.STOPPING, controller.status().phase());
        assertTrue(controller.awaitEnd(LONG));
        assertEquals(0, kernel.addresses().size());
        assertEquals(
                VipState.WITHDRAWN, controller.status().vip(VIP).orElseThrow().state());
    }

    @Test
    void shouldWithdrawAndResumeAsOrdered() throws Exception {
        start();
        kernel.next();
        controller.withdraw(Optional.of("web"));
        while (!(kernel.next() instanceof RemoveAddress)) {
            // Refreshed until it leaves.
        }
        controller.resume("web");
        assertInstanceOf(PutAddress.class, kernel.next());
    }

    @Test
    void shouldRefuseOrderForWhatDoesNotExist() throws Exception {
        start();
        RefusedException refused = assertThrows(RefusedException.class, () -> controller.withdraw(Optional.of("www")));
        assertTrue(refused.isUnknown());
        assertEquals("no VIP or route is named 'www'", refused.getMessage());
    }

    @Test
    void shouldRefuseOrderWhenItHasEnded() throws Exception {
        start();
        controller.stopNow();
        assertTrue(controller.awaitEnd(LONG));
        RefusedException refused = assertThrows(RefusedException.class, () -> controller.withdraw(Optional.empty()));
        assertEquals("the agent has ended", refused.getMessage());
    }

    @Test
    void shouldSayThatKernelGivesNoAnswerAndGoOnWhenItDoes() throws Exception {
        start();
        kernel.next();
        kernel.silence(true);
        news.tell();
        awaitTrouble(Optional.of("no answer of the kernel"));
        assertTrue(controller.figures().value(AgentCounter.FAILURES) > 0);
        kernel.silence(false);
        awaitTrouble(Optional.empty());
    }

    @Test
    void shouldTakeAnotherConfiguration() throws Exception {
        start();
        kernel.next();
        controller.reconfigure(config("www", "none"));
        controller.withdraw(Optional.of("www"));
        assertThrows(RefusedException.class, () -> controller.withdraw(Optional.of("web")));
    }

    @Test
    void shouldGiveSignsOfLifeWhenAsked() throws Exception {
        start();
        long before = controller.watched().signs();
        while (controller.watched().signs() == before) {
            controller.watched().ask();
        }
    }

    private void awaitTrouble(Optional<String> expected) throws InterruptedException {
        while (!controller.status().trouble().equals(expected)) {
            Thread.sleep(5);
        }
    }

    private EcmpConfig config(String name, String health) throws Exception {
        String yaml = """
                state-directory: /nowhere
                vips:
                  %s: { address: 192.0.2.10/32, lease: 2s, health: %s, announcement: 10ms, drain: 10ms }
                """.formatted(name, health);
        return EcmpConfigReader.read(Files.writeString(directory.resolve("ecmp-agent.yaml"), yaml));
    }
}
