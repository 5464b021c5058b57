package io.penstock.ecmp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.config.VipConfig.OnRemoval;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.serving.VipVerdict.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds whatever happens, in whatever order: {@link WatchedRig} looks at each answer, this at the kernel. */
class HostRoleProperties {
    private static final int EVENTS = 150;
    private static final List<String> NAMES = List.of("web", "dns", "web6");
    private static final List<IpAddress> ADDRESSES = List.of(
            HostRig.WEB,
            IpAddress.parse("192.0.2.11").orElseThrow(),
            IpAddress.parse("2001:db8::10").orElseThrow());

    @Property(tries = 500)
    void shouldKeepItsPromisesAndRecover(@ForAll long seed) {
        Random random = new Random(seed);
        WatchedRig rig = new WatchedRig(vips(random, 4));
        for (int i = 0; i < EVENTS; i++) {
            happen(random, rig);
            List<InterfaceAddress> foreign = rig.kernel.foreign();
            look(random, rig);
            assertEquals(foreign, rig.kernel.foreign());
        }
        recover(rig);
    }

    @Property(tries = 200)
    void shouldBeDoneInTimeOnceStopped(@ForAll long seed) {
        Random random = new Random(seed);
        WatchedRig rig = new WatchedRig(vips(random, 4));
        for (int i = 0; i < EVENTS / 3; i++) {
            happen(random, rig);
            look(random, rig);
        }
        rig.kernel.refuseNothing();
        rig.role.stop();
        rig.step();
        rig.pass(HostRig.ANNOUNCEMENT.plus(HostRig.DRAIN).plus(HostRig.LEASE));

        assertTrue(rig.role.isDone());
        ADDRESSES.forEach(address -> assertEquals(List.of(), rig.kernel.ours(address)));
    }

    private static void happen(Random random, WatchedRig rig) {
        int which = random.nextInt(NAMES.size());
        String name = NAMES.get(which);
        IpAddress address = ADDRESSES.get(which);
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> rig.say(name, Kind.SERVED);
            case 3 -> NAMES.forEach(every -> rig.say(every, Kind.SERVED));
            case 4 -> rig.say(name, Kind.NOT_SERVED);
            case 5 -> rig.say(name, Kind.DRAINING);
            case 6 -> rig.freeze(Duration.ofMillis(random.nextInt(5_000)));
            case 7 -> rig.pass(Duration.ofMillis(random.nextInt(8_000)));
            case 8 -> rig.role.withdraw(name);
            case 9 -> rig.role.resume(name);
            case 10 -> rig.role.reconfigure(HostRig.config(vips(random, 4)), rig.nowNs);
            case 11 -> rig.kernel.removeOurs(address);
            case 12 -> rig.kernel.put(HostRig.foreign(address, FakeHost.LO + random.nextInt(2)), rig.nowNs);
            case 13 -> rig.kernel.removeForeign(address);
            case 14 -> rig.kernel.link("eth0", FakeHost.ETH0, random.nextBoolean());
            default -> {
                if (random.nextBoolean()) {
                    rig.kernel.refuse("Operation not permitted");
                } else {
                    rig.kernel.refuseNothing();
                }
            }
        }
    }

    /** The agent comes to look, or not; and may freeze in the middle of it. */
    private static void look(Random random, WatchedRig rig) {
        switch (random.nextInt(6)) {
            case 0 -> {}
            case 1 -> rig.refresh();
            case 2 -> rig.step(Duration.ofMillis(random.nextInt(5_000)));
            default -> rig.step();
        }
    }

    /** All is well from now on: all are here, each once, and where it belongs. */
    private static void recover(WatchedRig rig) {
        rig.kernel.refuseNothing();
        rig.kernel.link("eth0", FakeHost.ETH0, true);
        ADDRESSES.forEach(rig.kernel::removeForeign);
        VipConfig[] all = vips(new Random(0), Integer.MAX_VALUE);
        rig.role.reconfigure(HostRig.config(all), rig.nowNs);
        NAMES.forEach(rig.role::resume);
        for (int i = 0; i < 30; i++) {
            rig.nowNs += Duration.ofMillis(100).toNanos();
            NAMES.forEach(name -> rig.say(name, Kind.SERVED));
            rig.step();
        }
        for (VipConfig vip : all) {
            List<InterfaceAddress> here = rig.kernel.ours(vip.address());
            assertEquals(1, here.size());
            assertEquals(
                    vip.interfaceName().equals("lo") ? FakeHost.LO : FakeHost.ETH0,
                    here.get(0).linkIndex());
        }
        rig.role.views(rig.nowNs).forEach(view -> assertEquals(VipState.HELD, view.state()));
    }

    /** @param share one of so many is left out */
    private static VipConfig[] vips(Random random, int share) {
        List<VipConfig> vips = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            if (random.nextInt(share) > 0) {
                vips.add(new VipConfig(
                        NAMES.get(i),
                        ADDRESSES.get(i),
                        random.nextInt(4) > 0 ? "lo" : "eth0",
                        HostRig.LEASE,
                        HostRig.HEALTH,
                        HostRig.ANNOUNCEMENT,
                        HostRig.DRAIN,
                        random.nextInt(4) > 0 ? OnRemoval.RESTORE : OnRemoval.FAULT));
            }
        }
        return vips.toArray(VipConfig[]::new);
    }
}
