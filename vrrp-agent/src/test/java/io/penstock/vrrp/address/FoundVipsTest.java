package io.penstock.vrrp.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.netlink.InterfaceAddress;
import io.penstock.vrrp.address.VipEvent.Kind;
import io.penstock.vrrp.config.RouterConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** VIPs that are there already: by somebody else's hand, or from a former run. */
class FoundVipsTest extends LeasedVipsRig {
    @Nested
    class SomeoneElses {
        @Test
        void shouldBeUsedAndAnnouncedButNeitherChangedNorRemoved() throws IOException {
            kernel.add(address(V4, 24, 0, InterfaceAddress.FOREVER));
            configureAmid(WEB);
            List<InterfaceAddress> before = kernel.present();

            hold("web");
            assertEquals(4, wire.take().size());
            assertTrue(vips.views(nowNs).get(0).present());
            runFor(Duration.ofSeconds(30));
            release("web");

            assertEquals(before, kernel.present());
        }

        /** As left by another program that was killed: someone has to see that this host answers for it. */
        @Test
        void shouldBeShownAlsoWhenItIsNotWanted() throws IOException {
            kernel.add(address(V4, 24, 0, InterfaceAddress.FOREVER));
            configureAmid(WEB);

            VipView view = vips.views(nowNs).get(0);
            assertTrue(view.present());
            assertEquals(Optional.empty(), view.leaseLeft());
            assertFalse(vips.views(nowNs).get(1).present());
        }

        @Test
        void shouldBeFoundWhenItCameUnseen() throws IOException {
            configure(WEB);
            kernel.add(address(V4, 24, 0, InterfaceAddress.FOREVER));

            assertEquals(List.of(Kind.FOREIGN), kinds(vips.hold("web", nowNs)));

            assertTrue(vips.views(nowNs).get(0).present());
            assertEquals(4, wire.take().size());
            release("web");
            assertTrue(kernel.has(V4));
        }

        @Test
        void shouldBeReplacedByOursWhenItGoesWhileItIsWanted() throws IOException {
            kernel.add(address(V4, 24, 0, InterfaceAddress.FOREVER));
            configureAmid(WEB);
            hold("web");
            kernel.delete(V4);

            assertEquals(List.of(Kind.RESTORED), kinds(vips.look(nowNs)));

            assertEquals(Routers.OURS, kernel.present().get(1).protocol());
        }

        /** Once for each time that it comes. */
        @Test
        void shouldBeToldOfThoughNotOfTheOwnersOwn() throws IOException {
            configure(WEB);
            kernel.add(address(V4, 24, 0, InterfaceAddress.FOREVER));
            assertEquals(List.of(Kind.FOREIGN), kinds(vips.look(nowNs)));
            assertEquals(List.of(), vips.look(nowNs));
            kernel.delete(V4);
            assertEquals(List.of(), vips.look(nowNs));
            kernel.add(address(V4, 24, 0, InterfaceAddress.FOREVER));
            assertEquals(List.of(Kind.FOREIGN), kinds(vips.look(nowNs)));

            kernel.delete(V4);
            configure(Routers.owner("web", "eth0", V4 + "/24"));
            kernel.add(address(V4, 24, 0, InterfaceAddress.FOREVER));
            assertEquals(List.of(), vips.look(nowNs));
        }

        @Test
        void shouldNotCountAsLeftByAFormerRun() throws IOException {
            kernel.add(address(V6, 64, 0, InterfaceAddress.FOREVER));
            vips.configure(Routers.config(SIX), nowNs);

            assertFalse(vips.hasAll("six"));
        }

        private void configureAmid(RouterConfig router) throws IOException {
            assertEquals(List.of(Kind.FOREIGN), kinds(vips.configure(Routers.config(router), nowNs)));
        }
    }

    @Nested
    class Adopted {
        @BeforeEach
        void leave() {
            kernel.add(address(V4, 24, Routers.OURS, 3));
            kernel.add(address("192.0.2.11", 24, Routers.OURS, 3));
        }

        @Test
        void shouldStayWithoutARefreshUntilTheLeaseEnds() throws IOException {
            assertEquals(List.of(Kind.ADOPTED, Kind.ADOPTED), kinds(vips.configure(Routers.config(WEB), nowNs)));
            assertTrue(vips.hasAll("web"));
            assertTrue(vips.views(nowNs).get(0).present());

            pass(Duration.ofSeconds(3));
            assertEquals(List.of(), vips.look(nowNs));

            assertEquals(List.of(), kernel.batches);
            assertFalse(vips.hasAll("web"));
        }

        @Test
        void shouldBeRefreshedAndAnnouncedWhenHeld() throws IOException {
            vips.configure(Routers.config(WEB), nowNs);

            hold("web");
            pass(Duration.ofMillis(2_900));

            assertEquals(2, kernel.present().size());
            assertEquals(4, wire.take().size());
        }

        @Test
        void shouldGoWhenReleased() throws IOException {
            vips.configure(Routers.config(WEB), nowNs);

            release("web");

            assertEquals(List.of(), kernel.present());
        }

        /** A long lease would keep it here though another host has it. */
        @Test
        void shouldNotStayWhereNothingIsConfiguredAnyMore() throws IOException {
            kernel.link(3, "eth1", true, "02:00:00:00:00:02");
            kernel.add(new InterfaceAddress(3, ip(V4), 24, 0, 0, Routers.OURS, 3600));
            kernel.add(new InterfaceAddress(3, ip("192.0.2.99"), 24, 0, 0, 0, InterfaceAddress.FOREVER));

            vips.configure(Routers.config(WEB), nowNs);

            assertTrue(vips.hasAll("web"));
            assertEquals(
                    List.of("192.0.2.10 2", "192.0.2.11 2", "192.0.2.99 3"),
                    kernel.present().stream()
                            .map(one -> one.address() + " " + one.linkIndex())
                            .toList());
        }

        /** The kernel knows an IPv6 address whatever its prefix, gives it no other one, and removes it only with that. */
        @Test
        void shouldNotBeAdoptedWithAPrefixOfAnotherLength() throws IOException {
            kernel.add(address(V6, 128, Routers.OURS, 3600));
            configure(SIX);

            assertFalse(vips.hasAll("six"));
            assertFalse(kernel.has(V6));
            hold("six");
            assertEquals(64, kernel.present().get(0).prefixBits());
        }

        @Test
        void shouldNotBeAllWhenOneIsMissing() throws IOException {
            kernel.delete("192.0.2.11");
            vips.configure(Routers.config(WEB), nowNs);

            assertFalse(vips.hasAll("web"));
        }
    }
}
