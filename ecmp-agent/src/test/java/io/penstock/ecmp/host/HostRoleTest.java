package io.penstock.ecmp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ecmp.host.VipVerdict.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of a VIP, told as it happens. */
class HostRoleTest {
    private final HostRig rig = new HostRig(HostRig.web());

    @Test
    void shouldHoldOnlyWhatIsServed() {
        rig.step();
        assertEquals(VipState.WAITING, rig.state());
        assertFalse(rig.isHere());

        rig.hear(Kind.NOT_SERVED);
        assertFalse(rig.isHere());

        rig.hear(Kind.SERVED);
        assertEquals(VipState.HELD, rig.state());
        assertTrue(rig.isHere());
    }

    @Test
    void shouldStayWithoutAGapWhileTheAgentIsAwake() {
        rig.hear(Kind.SERVED);

        for (int i = 0; i < 10_000; i++) {
            rig.pass(Duration.ofMillis(60), Kind.SERVED);
            assertTrue(rig.isHere());
        }

        assertEquals(1, rig.transitions.size());
        assertEquals(0, rig.view().lapses());
    }

    @Test
    void shouldLeaveInOrderWhenTheForwarderDrains() {
        rig.hear(Kind.SERVED);

        rig.hear(Kind.DRAINING);
        assertEquals(VipState.WITHDRAWING, rig.state());
        assertTrue(rig.isHere());

        rig.pass(HostRig.ANNOUNCEMENT, Kind.DRAINING);
        assertEquals(VipState.DRAINING, rig.state());
        assertTrue(rig.isHere());

        rig.pass(HostRig.DRAIN, Kind.DRAINING);
        assertEquals(VipState.WAITING, rig.state());
        assertFalse(rig.isHere());
    }

    @Test
    void shouldStartOverWithAVerdictYoungerThanTheLapseWhenItWakesLate() {
        rig.hear(Kind.SERVED);
        rig.freeze(HostRig.LEASE);
        assertFalse(rig.isHere());

        rig.refresh();
        assertEquals(VipState.WAITING, rig.state());
        assertTrue(rig.last.changes().isEmpty());
        assertTrue(rig.last.observe());

        rig.step();
        assertFalse(rig.isHere());

        rig.nowNs++;
        rig.hear(Kind.SERVED);
        assertTrue(rig.isHere());
        assertEquals(1, rig.view().lapses());
    }
}
