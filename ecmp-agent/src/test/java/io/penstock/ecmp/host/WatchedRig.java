package io.penstock.ecmp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ecmp.config.VipConfig;
import io.penstock.ecmp.host.HostStep.Transition;
import io.penstock.ecmp.kernel.KernelChange;
import io.penstock.ecmp.kernel.KernelChange.PutAddress;
import io.penstock.net.IpAddress;
import io.penstock.serving.VipVerdict;
import io.penstock.serving.VipVerdict.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds each answer of the role against what it promises, whatever happened before. All VIPs have the rig's lease and times. */
final class WatchedRig extends HostRig {
    private final Map<IpAddress, VipView> before = new HashMap<>();
    private final Map<IpAddress, Long> askedNs = new HashMap<>();
    private final Map<IpAddress, Long> lapsedNs = new HashMap<>();

    WatchedRig(VipConfig... vips) {
        super(vips);
    }

    @Override
    void deciding() {
        before.clear();
        role.views(nowNs).forEach(view -> before.put(view.address(), view));
    }

    @Override
    void decided(HostStep step) {
        assertEquals(List.of(), kernel.trespasses());
        Map<IpAddress, VipView> after = new HashMap<>();
        role.views(nowNs).forEach(view -> after.put(view.address(), view));
        before.forEach((address, view) -> verifyWay(view, step));
        for (KernelChange change : step.changes()) {
            if (change instanceof PutAddress put) {
                verifyPut(before.get(put.address().address()));
            }
        }
        after.forEach((address, view) -> {
            VipView known = before.get(address);
            if (known != null && view.lapses() > known.lapses()) {
                lapsedNs.put(address, nowNs);
            }
        });
        deciding();
    }

    /** Each transition begins where the one before ended, and nothing that is served goes before it was announced and drained. */
    private void verifyWay(VipView view, HostStep step) {
        VipState state = view.state();
        long sinceNs = view.sinceNs();
        for (Transition transition : step.transitions()) {
            if (!transition.vip().equals(view.name())) {
                continue;
            }
            assertEquals(state, transition.from());
            assertNotEquals(transition.from(), transition.to());
            switch (transition.to()) {
                case WITHDRAWING -> assertEquals(VipState.HELD, state);
                case DRAINING -> {
                    assertEquals(VipState.WITHDRAWING, state);
                    assertTrue(nowNs - sinceNs >= ANNOUNCEMENT.toNanos());
                }
                default ->
                    assertTrue(!transition.reason().equals("drained")
                            || (state == VipState.DRAINING && nowNs - sinceNs >= DRAIN.toNanos()));
            }
            state = transition.to();
            sinceNs = nowNs;
        }
    }

    /** A lease is refreshed before it may have ended, and begins with a verdict that is good, young, and of after the last lapse. */
    private void verifyPut(VipView view) {
        if (view.state().isPresent()) {
            assertTrue(nowNs - askedNs.get(view.address()) < LEASE.toNanos());
        } else {
            VipVerdict verdict = verdicts.get(view.name());
            assertEquals(Kind.SERVED, verdict.kind());
            assertTrue(nowNs - verdict.atNs() <= WORTH.toNanos());
            assertTrue(verdict.atNs() > lapsedNs.getOrDefault(view.address(), 0L));
        }
        askedNs.put(view.address(), nowNs);
    }
}
