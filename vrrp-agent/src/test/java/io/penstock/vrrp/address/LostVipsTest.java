package io.penstock.vrrp.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.vrrp.address.VipEvent.Kind;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.RouterConfig.OnRemoval;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** VIPs that are not there though they should be. */
class LostVipsTest extends LeasedVipsRig {
    @Nested
    class Removed {
        @Test
        void shouldBeRestoredAndAnnouncedWithTheNextLook() throws IOException {
            configure(WEB);
            hold("web");
            wire.take();
            kernel.delete(V4);

            List<VipEvent> events = vips.look(nowNs);

            assertEquals(List.of(Kind.RESTORED), kinds(events));
            assertEquals(ip(V4), events.get(0).address());
            assertTrue(kernel.has(V4));
            assertEquals(4, wire.take().size());
        }

        @Test
        void shouldBeRestoredAfterAPauseWhenItIsRemovedAgainAndAgain() throws IOException {
            configure(WEB);
            hold("web");
            kernel.delete(V4);
            vips.look(nowNs);
            kernel.delete(V4);

            assertEquals(List.of(), vips.look(nowNs));
            assertEquals(List.of(), vips.look(nowNs));
            assertFalse(kernel.has(V4));
            assertEquals(nowNs + Vip.RESTORE_PAUSE_NS, vips.deadlineNs());
            nowNs = vips.deadlineNs();
            pass(Duration.ZERO);

            assertEquals(List.of(Kind.RESTORED), kinds(vips.onDeadline(nowNs)));
            assertTrue(kernel.has(V4));
        }

        @Test
        void shouldBeAFaultByPolicyAndTheOthersStayUntilTheRouterSays() throws IOException {
            configure(withFault("eth0", V4 + "/24", "192.0.2.11/24"));
            hold("web");
            kernel.delete(V4);

            assertEquals(List.of(Kind.REMOVED), kinds(vips.look(nowNs)));
            assertEquals(List.of(), vips.look(nowNs));

            assertFalse(kernel.has(V4));
            assertTrue(kernel.has("192.0.2.11"));
            release("web");
            assertEquals(List.of(), kernel.present());
        }

        @Test
        void shouldComeBackWithItsInterfaceWhateverThePolicy() throws IOException {
            configure(withFault("eth0", V6 + "/64"));
            hold("web");
            kernel.link(2, "eth0", false, MAC);

            assertEquals(List.of(), vips.look(nowNs));
            assertFalse(vips.views(nowNs).get(0).present());
            runFor(Duration.ofSeconds(9));
            kernel.link(2, "eth0", true, MAC);
            wire.take();

            assertEquals(List.of(Kind.RESTORED), kinds(vips.look(nowNs)));
            assertTrue(kernel.has(V6));
            assertEquals(2, wire.take().size());
        }

        @Test
        void shouldBeRefusedWhenTheInterfaceIsGone() throws IOException {
            configure(WEB);
            hold("web");
            kernel.unplug("eth0");

            assertEquals(List.of(Kind.REFUSED, Kind.REFUSED), kinds(vips.look(nowNs)));
            assertEquals(List.of(), vips.look(nowNs));
        }

        private RouterConfig withFault(String interfaceName, String... addresses) {
            return Routers.router("web", interfaceName, OnRemoval.FAULT, Optional.empty(), addresses);
        }
    }

    @Nested
    class Refused {
        @Test
        void shouldSayWhyAndAnnounceNothing() throws IOException {
            configure(WEB);
            kernel.refusal = Optional.of("permission denied (EACCES)");

            List<VipEvent> events = vips.hold("web", nowNs);

            assertEquals(List.of(Kind.REFUSED, Kind.REFUSED), kinds(events));
            assertEquals(V4 + ": permission denied (EACCES)", events.get(0).text());
            assertEquals(List.of(), wire.take());
        }

        @Test
        void shouldSaySoWhenThereIsNoSuchInterface() throws IOException {
            configure(Routers.router("web", "eth7", V4 + "/24"));

            List<VipEvent> events = vips.hold("web", nowNs);

            assertEquals("192.0.2.10: there is no interface eth7", events.get(0).text());
            assertEquals(List.of(), kernel.batches);
        }

        @Test
        void shouldSaySoWhenTheKernelDoesNotAnswerAndLookLater() throws IOException {
            configure(WEB);
            kernel.answers = false;

            assertEquals(List.of(Kind.REFUSED, Kind.REFUSED), kinds(vips.hold("web", nowNs)));
            assertEquals(nowNs + LeasedVips.LOOK_AGAIN_NS, vips.deadlineNs());
        }

        /** Whatever became of the request: it is not left there. */
        @Test
        void shouldRemoveOnSightWhatIsThereNevertheless() throws IOException {
            configure(WEB);
            kernel.answers = false;
            assertEquals(2, vips.hold("web", nowNs).size());
            kernel.answers = true;
            kernel.add(address(V4, 24, Routers.OURS, 3));

            pass(Duration.ofSeconds(1));
            assertEquals(List.of(), vips.onDeadline(nowNs));

            assertEquals(List.of(), kernel.present());
        }
    }
}
