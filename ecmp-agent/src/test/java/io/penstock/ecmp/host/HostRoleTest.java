package io.penstock.ecmp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.config.VipConfig.OnRemoval;
import io.penstock.ecmp.config.VipHealth;
import io.penstock.ecmp.host.HostStep.Transition;
import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.ecmp.kernel.KernelChange.RemoveAddress;
import io.penstock.lease.Lease;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.serving.ForwarderQuestion;
import io.penstock.serving.VipVerdict.Kind;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What becomes of VIPs, told as it happens. */
class HostRoleTest {
    private static final IpAddress WEB6 = IpAddress.parse("2001:db8::10").orElseThrow();
    private static final IpAddress OTHER = IpAddress.parse("192.0.2.11").orElseThrow();

    private final HostRig rig = new HostRig(HostRig.web());

    @Test
    void shouldPutTheAddressAloneInItsNetworkWithItsMarkAndItsLease() {
        HostRig both = new HostRig(HostRig.web(), HostRig.vip("web6", WEB6));
        both.say("web", Kind.SERVED);
        both.say("web6", Kind.SERVED);
        both.step();

        assertEquals(
                List.of(
                        new PutAddress(new InterfaceAddress(FakeHost.LO, HostRig.WEB, 32, 0, 0, FakeHost.PROTOCOL, 3)),
                        new PutAddress(new InterfaceAddress(
                                FakeHost.LO, WEB6, 128, Vip.IFA_F_NODAD, 0, FakeHost.PROTOCOL, 3))),
                both.last.changes());
    }

    @Test
    void shouldHoldWhatIsNotCheckedWithoutBeingAsked() {
        HostRig unchecked = new HostRig(HostRig.checkedBy(new VipHealth.None()));
        unchecked.step();
        unchecked.pass(Duration.ofMinutes(1));

        assertEquals(VipState.HELD, unchecked.state());
        assertTrue(unchecked.isHere());
    }

    @Test
    void shouldTellNothingMoreWhileNothingChanges() {
        rig.hear(Kind.SERVED);
        rig.pass(Duration.ofMinutes(10), Kind.SERVED);

        assertEquals(List.of(new Transition("web", VipState.WAITING, VipState.HELD, "SERVED")), rig.transitions);
        rig.nowNs++;
        rig.step();
        assertEquals(List.of(), rig.last.changes());
    }

    @Test
    void shouldSayWhenItIsServedAgainBeforeItHasLeft() {
        rig.hear(Kind.SERVED);
        rig.hear(Kind.DRAINING);
        rig.hear(Kind.SERVED);
        rig.pass(Duration.ofMinutes(1), Kind.SERVED);

        assertEquals(VipState.HELD, rig.state());
        assertEquals("served again", rig.view().reason());
    }

    @Nested
    class Leases {
        @Test
        void shouldStayWithoutAGapWhileTheAgentIsAwake() {
            rig.hear(Kind.SERVED);

            for (int i = 0; i < 10_000; i++) {
                rig.pass(Duration.ofMillis(60), Kind.SERVED);
                assertTrue(rig.isHere());
            }

            assertEquals(0, rig.view().lapses());
            // Every second, and no more than a twelfth of the lease before.
            assertTrue(rig.view().refreshes() >= 600 && rig.view().refreshes() <= 800);
        }

        @Test
        void shouldGoByItselfWhenTheAgentIsDead() {
            rig.hear(Kind.SERVED);
            rig.freeze(HostRig.LEASE.minusMillis(100));
            assertTrue(rig.isHere());

            rig.freeze(Duration.ofMillis(100));
            assertFalse(rig.isHere());
        }

        @Test
        void shouldStartOverWithAVerdictYoungerThanTheLapseWhenItWakesLate() {
            rig.hear(Kind.SERVED);
            rig.freeze(HostRig.LEASE);

            rig.refresh();
            assertEquals(VipState.WAITING, rig.state());
            assertEquals(List.of(), rig.last.changes());
            assertTrue(rig.last.observe());

            rig.step();
            assertFalse(rig.isHere());

            rig.nowNs++;
            rig.hear(Kind.SERVED);
            assertTrue(rig.isHere());
            assertEquals(1, rig.view().lapses());
        }

        @Test
        void shouldTakeNoVerdictOfBeforeItFroze() {
            rig.hear(Kind.SERVED);
            rig.freeze(HostRig.LEASE);
            rig.step();
            rig.pass(Duration.ofMillis(500));

            assertEquals(VipState.WAITING, rig.state());
            assertFalse(rig.isHere());
        }

        @Test
        void shouldRemoveWhatTheKernelStillHasWhenItWakesLate() {
            rig.hear(Kind.SERVED);
            rig.freeze(HostRig.LEASE.minus(Duration.ofNanos(Lease.EARLY_NS)));
            assertTrue(rig.isHere());

            rig.step();
            assertFalse(rig.isHere());
            assertEquals(VipState.WAITING, rig.state());
        }

        @Test
        void shouldTakeBackARefreshThatCameTooLate() {
            rig.hear(Kind.SERVED);
            rig.freeze(Duration.ofSeconds(1));
            rig.say(Kind.SERVED);

            rig.step(HostRig.LEASE.minusSeconds(1));
            assertEquals(VipState.WAITING, rig.state());
            assertTrue(rig.isHere());
            assertTrue(rig.last.observe());

            rig.step();
            assertFalse(rig.isHere());
            assertEquals(1, rig.view().lapses());
        }

        @Test
        void shouldTakeBackAFirstPutThatCameTooLate() {
            rig.say(Kind.SERVED);
            rig.step(HostRig.LEASE);
            assertEquals(VipState.WAITING, rig.state());
            assertTrue(rig.last.observe());

            rig.step();
            assertFalse(rig.isHere());
            assertEquals(List.of(), rig.transitions);
        }

        @Test
        void shouldBearARefusedRefreshAndLapseWhenThereIsNoBetterOne() {
            rig.hear(Kind.SERVED);
            rig.kernel.refuse("Operation not permitted");
            rig.pass(Duration.ofSeconds(2), Kind.SERVED);
            assertEquals(VipState.HELD, rig.state());
            assertEquals(
                    "a refresh was refused: Operation not permitted", rig.view().reason());

            rig.pass(Duration.ofMillis(1_200), Kind.SERVED);
            assertFalse(rig.isHere());
            assertEquals(1, rig.view().lapses());
            assertEquals(VipState.FAULT, rig.state());
        }

        @Test
        void shouldRefreshAThousandInOneBatchHoweverTheyCame() {
            VipConfig[] vips = IntStream.range(0, 1_000)
                    .mapToObj(i -> HostRig.vip("vip" + i, IpAddress.ofIpv4(0xc000_0200 + i)))
                    .toArray(VipConfig[]::new);
            HostRig many = new HostRig(vips);
            for (int i = 0; i < 1_000; i++) {
                many.nowNs += Duration.ofNanos(200_000).toNanos();
                many.say("vip" + i, Kind.SERVED);
                many.step();
            }

            many.nowNs = many.last.wakeAtNs();
            many.refresh();
            assertEquals(1_000, many.last.changes().size());
        }
    }

    @Nested
    class Doubt {
        @Test
        void shouldBearSilenceForALease() {
            rig.hear(Kind.SERVED);
            rig.pass(HostRig.WORTH.plus(HostRig.LEASE).minusMillis(1));
            assertEquals(VipState.HELD, rig.state());
            assertEquals(Kind.UNKNOWN, rig.view().verdict().kind());

            rig.pass(Duration.ofMillis(2));
            assertEquals(VipState.WAITING, rig.state());
            assertEquals("its check has fallen silent", rig.view().reason());
            assertFalse(rig.isHere());
        }

        @Test
        void shouldWaitForASlowChecksFirstWordAboutWhatItAdopts() {
            VipHealth.Forwarder slow = new VipHealth.Forwarder(new ForwarderQuestion(
                    HostRig.HEALTH.question().server(),
                    HostRig.HEALTH.question().credentials(),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(1),
                    2,
                    3));
            rig.hear(Kind.SERVED);
            rig.restart(HostRig.checkedBy(slow));
            rig.step();

            rig.pass(Duration.ofSeconds(21));
            assertTrue(rig.isHere());
            rig.hear(Kind.SERVED);
            rig.pass(Duration.ofSeconds(30));
            assertEquals(VipState.HELD, rig.state());
        }
    }

    @Nested
    class Orders {
        @Test
        void shouldLeaveInOrderAndBeDoneWhenStopped() {
            rig.hear(Kind.SERVED);
            rig.role.stop();
            rig.step();
            assertEquals(VipState.WITHDRAWING, rig.state());
            assertFalse(rig.state().isAnnounced());

            rig.pass(HostRig.ANNOUNCEMENT.minusMillis(1), Kind.SERVED);
            assertEquals(VipState.WITHDRAWING, rig.state());
            rig.pass(Duration.ofMillis(1), Kind.SERVED);
            assertEquals(VipState.DRAINING, rig.state());
            rig.pass(HostRig.DRAIN.minusMillis(1), Kind.SERVED);
            assertTrue(rig.isHere());
            assertFalse(rig.role.isDone());

            rig.pass(Duration.ofMillis(1), Kind.SERVED);
            assertFalse(rig.isHere());
            assertTrue(rig.role.isDone());
        }

        @Test
        void shouldNotBeDoneBeforeTheKernelHasRemovedIt() {
            rig.hear(Kind.SERVED);
            rig.kernel.refuse("Device or resource busy");
            rig.role.stopNow();
            rig.step();
            assertFalse(rig.role.isDone());

            rig.kernel.refuseNothing();
            rig.pass(Duration.ofSeconds(1));
            assertTrue(rig.role.isDone());
            assertFalse(rig.isHere());
        }

        @Test
        void shouldNotWaitForWhatIsNotServedWhenStopped() {
            rig.hear(Kind.SERVED);
            rig.role.stop();
            rig.step();
            rig.hear(Kind.NOT_SERVED);

            assertTrue(rig.role.isDone());
        }

        @Test
        void shouldStayAwayUntilResumedWhenWithdrawn() {
            rig.hear(Kind.SERVED);
            assertTrue(rig.role.withdraw("web"));
            rig.step();
            rig.pass(Duration.ofSeconds(8), Kind.SERVED);
            assertEquals(VipState.WITHDRAWN, rig.state());
            assertFalse(rig.isHere());

            rig.role.reconfigure(HostRig.config(HostRig.web()), rig.nowNs);
            rig.pass(Duration.ofSeconds(8), Kind.SERVED);
            assertFalse(rig.isHere());

            assertTrue(rig.role.resume("web"));
            rig.hear(Kind.SERVED);
            assertTrue(rig.isHere());
        }

        @Test
        void shouldGoOnWhenResumedWhileItLeaves() {
            rig.hear(Kind.SERVED);
            rig.role.withdrawAll();
            rig.step();
            rig.role.resume("web");
            rig.step();

            assertEquals(VipState.HELD, rig.state());
        }

        @Test
        void shouldKnowNoOther() {
            assertFalse(rig.role.withdraw("wbe"));
            assertFalse(rig.role.resume("wbe"));
        }
    }

    @Nested
    class Neighbours {
        @Test
        void shouldRestoreAtOnceAndThenMoreAndMoreSlowly() {
            rig.hear(Kind.SERVED);
            rig.kernel.removeOurs(HostRig.WEB);
            rig.step();
            assertTrue(rig.isHere());
            assertEquals("restored", rig.view().reason());

            rig.kernel.removeOurs(HostRig.WEB);
            rig.step();
            assertEquals(VipState.FAULT, rig.state());
            rig.pass(Duration.ofSeconds(1), Kind.SERVED);
            assertTrue(rig.isHere());

            rig.kernel.removeOurs(HostRig.WEB);
            rig.step();
            rig.pass(Duration.ofMillis(1_999), Kind.SERVED);
            assertFalse(rig.isHere());
            rig.pass(Duration.ofMillis(1), Kind.SERVED);
            assertTrue(rig.isHere());
            assertEquals(3, rig.view().removals());
        }

        @Test
        void shouldStayFaultyUntilResumedWhenThatIsAskedFor() {
            VipConfig web = HostRig.web();
            rig.restart(new VipConfig(
                    web.name(),
                    web.address(),
                    web.interfaceName(),
                    web.lease(),
                    web.health(),
                    web.announcement(),
                    web.drain(),
                    OnRemoval.FAULT));
            rig.hear(Kind.SERVED);
            rig.kernel.removeOurs(HostRig.WEB);
            rig.step();
            rig.pass(Duration.ofHours(1), Kind.SERVED);
            assertEquals(VipState.FAULT, rig.state());
            assertEquals("someone removed it", rig.view().reason());

            rig.role.resume("web");
            rig.hear(Kind.SERVED);
            assertTrue(rig.isHere());
        }

        @Test
        void shouldYieldToSomeoneElsesAndComeBackWhenThatIsGone() {
            rig.hear(Kind.SERVED);
            InterfaceAddress theirs = HostRig.foreign(HostRig.WEB, FakeHost.ETH0);
            rig.kernel.put(theirs, rig.nowNs);
            rig.step();
            assertEquals("is someone else's: on eth0, protocol 0", rig.view().reason());
            assertFalse(rig.isHere());
            assertEquals(List.of(theirs), rig.kernel.foreign());

            rig.kernel.removeForeign(HostRig.WEB);
            rig.hear(Kind.SERVED);
            assertTrue(rig.isHere());
        }

        @Test
        void shouldNotTouchItsOwnAddressOnceSomeoneElseHasMarkedIt() {
            rig.hear(Kind.SERVED);
            rig.kernel.removeOurs(HostRig.WEB);
            rig.kernel.put(HostRig.foreign(HostRig.WEB, FakeHost.LO), rig.nowNs);
            rig.step();
            rig.pass(Duration.ofMinutes(1), Kind.SERVED);
            rig.role.stop();
            rig.step();

            assertTrue(rig.role.isDone());
            assertEquals(1, rig.kernel.foreign().size());
            assertEquals(List.of(), rig.kernel.trespasses());
        }

        @Test
        void shouldTryARefusedAddressAgainMoreAndMoreSlowly() {
            rig.kernel.refuse("Operation not permitted");
            rig.hear(Kind.SERVED);
            assertEquals(VipState.FAULT, rig.state());
            assertEquals("Operation not permitted", rig.view().reason());

            rig.pass(Duration.ofMinutes(1), Kind.SERVED);
            assertEquals(1, rig.transitions.size());
            rig.kernel.refuseNothing();
            rig.pass(Duration.ofMinutes(1), Kind.SERVED);
            assertTrue(rig.isHere());
        }
    }

    @Nested
    class Adoption {
        @Test
        void shouldTakeOverWhatAFormerRunLeftWithoutAGap() {
            rig.hear(Kind.SERVED);
            rig.freeze(Duration.ofSeconds(2));
            rig.restart(HostRig.web());
            rig.step();

            assertEquals(VipState.HELD, rig.state());
            assertTrue(rig.isHere());
            rig.pass(Duration.ofSeconds(2));
            rig.hear(Kind.SERVED);
            rig.pass(Duration.ofMinutes(1), Kind.SERVED);
            assertEquals(1, rig.transitions.size());
        }

        @Test
        void shouldRemoveWhatItAdoptedWhenNobodySaysThatItIsServed() {
            rig.hear(Kind.SERVED);
            rig.restart(HostRig.web());
            rig.step();
            rig.pass(HostRig.LEASE.plusMillis(1));

            assertEquals(VipState.WAITING, rig.state());
            assertFalse(rig.isHere());
        }

        @Test
        void shouldRemoveItAtOnceWhenItIsNotServed() {
            rig.hear(Kind.SERVED);
            rig.restart(HostRig.web());
            rig.hear(Kind.NOT_SERVED);

            assertFalse(rig.isHere());
        }

        @Test
        void shouldMoveItWithoutAGapWhenItBelongsElsewhereNow() {
            rig.hear(Kind.SERVED);
            rig.restart(HostRig.on("eth0"));
            rig.step();
            assertTrue(rig.isHere());
            assertTrue(rig.kernel.has(HostRig.WEB, FakeHost.ETH0));
            assertTrue(rig.last.observe());

            rig.step();
            assertFalse(rig.isHere());
            assertTrue(rig.kernel.has(HostRig.WEB, FakeHost.ETH0));
        }

        @Test
        void shouldLeaveToItsLeaseWhatIsNoLongerConfigured() {
            rig.hear(Kind.SERVED);
            rig.restart(HostRig.vip("other", OTHER));
            rig.step();
            assertEquals(List.of(), rig.last.changes());

            rig.freeze(HostRig.LEASE);
            assertFalse(rig.isHere());
        }
    }

    @Nested
    class Reconfiguration {
        @Test
        void shouldKeepWhatIsInBothWhateverElseOfItChanges() {
            rig.hear(Kind.SERVED);
            VipConfig renamed = HostRig.vip("www", HostRig.WEB);
            rig.role.reconfigure(HostRig.config(renamed, HostRig.vip("other", OTHER)), rig.nowNs);
            rig.step();
            rig.pass(Duration.ofSeconds(2));
            rig.say("www", Kind.SERVED);
            rig.step();

            assertEquals(VipState.HELD, rig.state());
            assertEquals("www", rig.view().name());
            assertEquals(1, rig.transitions.size());
        }

        @Test
        void shouldLetTheOldAddressLeaveInOrderWhileTheNewOneIsHeld() {
            rig.hear(Kind.SERVED);
            rig.role.reconfigure(HostRig.config(HostRig.vip("web", OTHER)), rig.nowNs);
            rig.nowNs++;
            rig.hear(Kind.SERVED);
            List<VipView> views = rig.role.views(rig.nowNs);
            assertEquals(
                    List.of(HostRig.WEB, OTHER),
                    views.stream().map(VipView::address).toList());
            assertEquals(
                    List.of(VipState.WITHDRAWING, VipState.HELD),
                    views.stream().map(VipView::state).toList());

            rig.pass(HostRig.ANNOUNCEMENT.plus(HostRig.DRAIN), Kind.SERVED);
            assertFalse(rig.isHere());
            assertEquals(1, rig.role.views(rig.nowNs).size());
        }

        @Test
        void shouldMoveToAnotherInterfaceWithoutAGap() {
            rig.hear(Kind.SERVED);
            rig.role.reconfigure(HostRig.config(HostRig.on("eth0")), rig.nowNs);
            rig.step();
            assertTrue(rig.isHere());
            assertTrue(rig.kernel.has(HostRig.WEB, FakeHost.ETH0));

            rig.step();
            assertFalse(rig.isHere());
            assertTrue(rig.kernel.has(HostRig.WEB, FakeHost.ETH0));
            assertEquals(1, rig.transitions.size());
            assertEquals(0, rig.view().removals());
        }

        @Test
        void shouldRefreshWithANewLeaseFromThenOn() {
            rig.hear(Kind.SERVED);
            rig.role.reconfigure(HostRig.config(HostRig.leased(Duration.ofSeconds(2))), rig.nowNs);
            rig.step();

            assertEquals(
                    List.of(2L),
                    rig.kernel.ours(HostRig.WEB).stream()
                            .map(InterfaceAddress::validSeconds)
                            .toList());
        }

        @Test
        void shouldHoldWhatIsConfiguredAgainBeforeItHasLeft() {
            rig.hear(Kind.SERVED);
            rig.role.reconfigure(HostRig.config(), rig.nowNs);
            rig.step();
            rig.role.reconfigure(HostRig.config(HostRig.web()), rig.nowNs);
            rig.step();

            assertEquals(VipState.HELD, rig.state());
        }

        @Test
        void shouldTakeNothingNewOnceItStops() {
            rig.role.stop();
            rig.role.reconfigure(HostRig.config(HostRig.vip("other", OTHER)), rig.nowNs);
            rig.say("other", Kind.SERVED);
            rig.step();

            assertTrue(rig.role.isDone());
            assertFalse(rig.last.changes().stream().anyMatch(RemoveAddress.class::isInstance));
            assertEquals(1, rig.role.views(rig.nowNs).size());
        }
    }
}
