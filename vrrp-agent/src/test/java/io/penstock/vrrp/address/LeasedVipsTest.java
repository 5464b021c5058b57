package io.penstock.vrrp.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.netlink.InterfaceAddress;
import io.penstock.vrrp.address.KernelChange.Put;
import io.penstock.vrrp.address.VipEvent.Kind;
import io.penstock.vrrp.config.RouterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** VIPs that nobody else has anything to do with. */
class LeasedVipsTest extends LeasedVipsRig {
    @Test
    void shouldTouchNothingBeforeItIsTold() throws IOException {
        assertEquals(List.of(), vips.configure(Routers.config(WEB), nowNs));

        assertEquals(List.of(), kernel.batches);
        assertEquals(Long.MAX_VALUE, vips.deadlineNs());
        assertFalse(vips.hasAll("web"));
    }

    @Test
    void shouldPutAllVipsInOneBatchAndOnlyThenAnnounceThem() throws IOException {
        String[] twenty = IntStream.rangeClosed(1, 20)
                .mapToObj(i -> "192.0.2." + i + "/24")
                .toArray(String[]::new);
        configure(Routers.router("web", "eth0", twenty));
        int looks = kernel.looks;
        wire.before = () -> assertEquals(20, kernel.present().size());

        assertEquals(List.of(), vips.hold("web", nowNs));

        assertEquals(1, kernel.batches.size());
        assertEquals(20, kernel.batches.get(0).size());
        assertEquals(looks, kernel.looks, "there is no time for a look");
        assertEquals(40, wire.announced.size());
        assertEquals(40, vips.announcements("web"));
        assertEquals("192.0.2.1 at " + MAC + " on 2", wire.announced.get(0));
        assertEquals("192.0.2.2 at " + MAC + " on 2", wire.announced.get(1), "each once before any twice");
    }

    @Test
    void shouldPutIpv6WithoutDuplicateAddressDetectionUnderItsLeaseWithItsMark() throws IOException {
        configure(SIX);

        hold("six");

        assertEquals(
                List.of(new Put(new InterfaceAddress(2, ip(V6), 64, InterfaceAddress.IFA_F_NODAD, 0, Routers.OURS, 3))),
                kernel.batches.get(0));
    }

    @Test
    void shouldSayWhetherThisHostForwardsIpv6() throws IOException {
        Path setting =
                Files.createDirectories(sysctls.resolve("net/ipv6/conf/eth0")).resolve("forwarding");
        Files.writeString(setting, "1\n");
        configure(SIX);

        hold("six");

        assertEquals(V6 + " at " + MAC + " on 2 forwarding", wire.take().get(0));
        Files.writeString(setting, "0\n");
        vips.look(nowNs);
        vips.announce("six", nowNs);
        assertEquals(V6 + " at " + MAC + " on 2", wire.take().get(0));
    }

    @Test
    void shouldDoNothingWhenHeldOrReleasedASecondTime() throws IOException {
        configure(WEB);
        hold("web");
        hold("web");
        assertEquals(1, kernel.batches.size());
        assertEquals(4, wire.take().size());

        release("web");
        release("web");

        assertEquals(2, kernel.batches.size());
        assertEquals(List.of(), kernel.present());
        assertEquals(Long.MAX_VALUE, vips.deadlineNs());
    }

    @Test
    void shouldLeaveTheVipsOfOtherRoutersWhereTheyAre() throws IOException {
        configure(WEB, SIX);
        hold("web");
        hold("six");

        release("web");

        assertFalse(kernel.has(V4));
        assertTrue(kernel.has(V6));
    }

    @Nested
    class Leases {
        @Test
        void shouldRefreshThreeTimesAsOftenAsTheyRunOutAllInOneBatch() throws IOException {
            configure(WEB, SIX);
            hold("web");
            hold("six");

            kernel.batches.clear();

            runFor(Duration.ofSeconds(30));

            assertEquals(30, kernel.batches.size());
            kernel.batches.forEach(batch -> assertEquals(3, batch.size()));
            assertEquals(3, kernel.present().size());
        }

        @Test
        void shouldSayThatTheyLapsedAndNeverPutThemAgainByItself() throws IOException {
            configure(WEB);
            hold("web");

            pass(Duration.ofSeconds(10));

            assertEquals(List.of(Kind.LAPSED, Kind.LAPSED), kinds(vips.look(nowNs)));
            assertEquals(List.of(), vips.look(nowNs));
            assertEquals(List.of(), vips.onDeadline(nowNs));
            assertEquals(1, kernel.batches.size());
            assertEquals(List.of(), kernel.present());
        }

        /** The kernel is up to a quarter of a second late. */
        @Test
        void shouldSaySoWhenTheKernelHasNotEvenRemovedThem() throws IOException {
            configure(WEB);
            hold("web");
            nowNs += Routers.LEASE.toNanos();
            kernel.nowNs = nowNs - 1;

            assertEquals(List.of(Kind.LAPSED, Kind.LAPSED), kinds(vips.onDeadline(nowNs)));
            assertEquals(2, kernel.present().size());
            release("web");

            assertEquals(List.of(), kernel.present());
        }

        @Test
        void shouldHoldThemAnewByOrderAfterTheyLapsed() throws IOException {
            configure(WEB);
            hold("web");
            pass(Duration.ofSeconds(10));
            assertEquals(2, vips.look(nowNs).size());
            release("web");
            wire.announced.clear();

            hold("web");

            assertEquals(2, kernel.present().size());
            assertEquals(4, wire.take().size());
        }

        @Test
        void shouldTryAgainBeforeTheyLapseWhenARefreshIsRefused() throws IOException {
            configure(WEB);
            hold("web");
            kernel.refusal = Optional.of("out of memory");
            nowNs = nextRefresh();
            pass(Duration.ZERO);

            assertEquals(List.of(), vips.onDeadline(nowNs));
            kernel.refusal = Optional.empty();
            nowNs = nextRefresh();
            pass(Duration.ZERO);
            assertEquals(List.of(), vips.onDeadline(nowNs));

            assertTrue(nowNs < kernel.nowNs + Routers.LEASE.toNanos());
            assertEquals(2, kernel.present().size());
            pass(Duration.ofMillis(2_900));
            assertEquals(2, kernel.present().size());
        }

        @Test
        void shouldBeShortenedAtOnceWhenSoConfigured() throws IOException {
            configure(WEB);
            hold("web");
            RouterConfig longer = withLease(Duration.ofSeconds(30));
            vips.configure(Routers.config(longer), nowNs);
            nowNs = nextRefresh();
            pass(Duration.ZERO);
            assertEquals(List.of(), vips.onDeadline(nowNs));

            vips.configure(Routers.config(WEB), nowNs);

            assertTrue(vips.deadlineNs() <= nowNs);
            assertEquals(List.of(), vips.onDeadline(nowNs));
            pass(Routers.LEASE.plusMillis(1));
            assertEquals(List.of(), kernel.present());
        }

        private RouterConfig withLease(Duration lease) {
            return new RouterConfig(
                    WEB.name(),
                    WEB.interfaceName(),
                    WEB.vrid(),
                    WEB.version(),
                    WEB.priority(),
                    WEB.interval(),
                    WEB.preempt(),
                    WEB.preemptDelay(),
                    WEB.accept(),
                    WEB.checksum(),
                    WEB.source(),
                    WEB.unicast(),
                    WEB.virtualMac(),
                    WEB.password(),
                    WEB.vips(),
                    lease,
                    WEB.announce(),
                    WEB.onRemoval(),
                    WEB.stepDownWhenLate(),
                    WEB.tracks());
        }
    }

    @Nested
    class Announced {
        @Test
        void shouldBeginAtOnceComeAgainAndBeRefreshed() throws IOException {
            configure(WEB);
            hold("web");
            assertEquals(4, wire.take().size());

            runFor(Duration.ofSeconds(5).minusNanos(1));
            assertEquals(0, wire.take().size());
            runFor(Duration.ofNanos(1));
            assertEquals(4, wire.take().size());
            runFor(Duration.ofMinutes(1).minusNanos(1));
            assertEquals(0, wire.take().size());
            runFor(Duration.ofNanos(1));
            assertEquals(2, wire.take().size());
            runFor(Duration.ofMinutes(2));
            assertEquals(4, wire.take().size());
        }

        @Test
        void shouldBeginAnewWhenOrdered() throws IOException {
            configure(WEB);
            hold("web");
            runFor(Duration.ofSeconds(4));
            wire.take();

            vips.announce("web", nowNs);

            assertEquals(4, wire.take().size());
            runFor(Duration.ofSeconds(5));
            assertEquals(4, wire.take().size());
        }

        @Test
        void shouldEndWithARelease() throws IOException {
            configure(WEB);
            hold("web");
            wire.take();

            release("web");
            vips.announce("web", nowNs);
            runFor(Duration.ofMinutes(3));

            assertEquals(List.of(), wire.take());
        }

        @Test
        void shouldBeginAnewWhenTheCarrierIsBackOrTheHardwareAddressIsAnother() throws IOException {
            configure(WEB);
            hold("web");
            kernel.link(2, "eth0", false, MAC);
            vips.look(nowNs);
            wire.take();

            kernel.link(2, "eth0", true, MAC);
            vips.look(nowNs);
            assertEquals(4, wire.take().size());
            vips.look(nowNs);
            assertEquals(0, wire.take().size());

            kernel.link(2, "eth0", true, "02:00:00:00:00:02");
            vips.look(nowNs);
            assertEquals(V4 + " at 02:00:00:00:00:02 on 2", wire.take().get(0));
        }
    }

    @Nested
    class Reconfigured {
        @Test
        void shouldRemoveTheVipsOfARouterThatIsGone() throws IOException {
            configure(WEB, SIX);
            hold("web");
            hold("six");

            configure(SIX);

            assertEquals(1, kernel.present().size());
            assertEquals(1, vips.views(nowNs).size());
        }

        @Test
        void shouldPutANewVipOfAHeldRouterAndRemoveAnOldOne() throws IOException {
            configure(WEB);
            hold("web");
            wire.take();

            configure(Routers.router("web", "eth0", "192.0.2.11/24", "192.0.2.12/24"));

            assertFalse(kernel.has(V4));
            assertTrue(kernel.has("192.0.2.12"));
            assertEquals(4, wire.take().size());
        }

        @Test
        void shouldNotAskTheKernelForAnythingWhenNothingIsNew() throws IOException {
            configure(WEB);
            hold("web");
            wire.take();

            configure(WEB);

            assertEquals(1, kernel.batches.size());
            assertEquals(List.of(), wire.take());
        }

        /** Under a lease that nobody refreshes, but which may be long. */
        @Test
        void shouldRemoveAVipThatGoesToARouterThatIsNotActive() throws IOException {
            RouterConfig dns = Routers.router("dns", "eth0", "192.0.2.53/24");
            configure(WEB, dns);
            hold("web");

            configure(
                    Routers.router("web", "eth0", "192.0.2.11/24"),
                    Routers.router("dns", "eth0", "192.0.2.53/24", V4 + "/24"));

            assertFalse(kernel.has(V4));
            assertTrue(kernel.has("192.0.2.11"));
        }

        @Test
        void shouldLeaveTheVipsWhereTheyAreWhenTheirRouterHasAnotherName() throws IOException {
            configure(WEB);
            hold("web");

            vips.configure(Routers.config(Routers.router("www", "eth0", V4 + "/24", "192.0.2.11/24")), nowNs);

            assertEquals(1, kernel.batches.size());
            assertTrue(vips.hasAll("www"));
        }
    }
}
