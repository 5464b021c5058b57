package io.penstock.ecmp.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.serving.VipVerdict.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state and every event: what comes of it, once the agent has looked. */
class VipTransitionsTest {
    /** The states in front: where the VIP was. WITHDRAWING and DRAINING are the forwarder's wish here, FAULT is another's address. */
    private static final String TABLE = """
            event             WAITING    HELD         WITHDRAWING  DRAINING   WITHDRAWN  FAULT
            SERVED            HELD       HELD         HELD         HELD       WITHDRAWN  FAULT
            DRAINING          WAITING    WITHDRAWING  WITHDRAWING  DRAINING   WITHDRAWN  FAULT
            NOT_SERVED        WAITING    WAITING      WAITING      WAITING    WITHDRAWN  FAULT
            UNKNOWN           WAITING    HELD         WITHDRAWING  DRAINING   WITHDRAWN  FAULT
            SILENCE           WAITING    WAITING      WAITING      WAITING    WITHDRAWN  FAULT
            ANNOUNCEMENT      WAITING    HELD         DRAINING     DRAINING   WITHDRAWN  FAULT
            DRAIN             WAITING    HELD         DRAINING     WAITING    WITHDRAWN  FAULT
            LAPSE             WAITING    WAITING      WAITING      WAITING    WITHDRAWN  FAULT
            REMOVAL           WAITING    HELD         WAITING      WAITING    WITHDRAWN  FAULT
            FOREIGN           FAULT      FAULT        FAULT        FAULT      WITHDRAWN  FAULT
            FOREIGN_GONE      WAITING    HELD         WITHDRAWING  DRAINING   WITHDRAWN  HELD
            INTERFACE_GONE    FAULT      FAULT        FAULT        FAULT      WITHDRAWN  FAULT
            INTERFACE_DOWN    FAULT      FAULT        FAULT        FAULT      WITHDRAWN  FAULT
            REFUSAL           FAULT      HELD         HELD         HELD       WITHDRAWN  FAULT
            WITHDRAW          WITHDRAWN  WITHDRAWING  WITHDRAWING  DRAINING   WITHDRAWN  WITHDRAWN
            RESUME            WAITING    HELD         WITHDRAWING  DRAINING   WAITING    FAULT
            UNCONFIGURE       gone       WITHDRAWING  WITHDRAWING  DRAINING   gone       gone
            RECONFIGURE       WAITING    HELD         WITHDRAWING  DRAINING   WITHDRAWN  FAULT
            STOP              WITHDRAWN  WITHDRAWING  WITHDRAWING  DRAINING   WITHDRAWN  WITHDRAWN
            STOP_NOW          WITHDRAWN  WITHDRAWN    WITHDRAWN    WITHDRAWN  WITHDRAWN  WITHDRAWN
            """;

    private final HostRig rig = new HostRig(HostRig.web());

    static List<Arguments> cells() {
        List<String> lines = TABLE.lines().toList();
        String[] states = lines.get(0).split(" +", -1);
        List<Arguments> cells = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" +", -1);
            for (int i = 1; i < states.length; i++) {
                cells.add(Arguments.of(VipState.valueOf(states[i]), words[0], words[i]));
            }
        }
        return cells;
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @MethodSource("cells")
    void shouldGoWhereTheTableSays(VipState from, String event, String to) {
        reach(from);
        assertEquals(from, rig.state());

        happen(event);

        List<VipView> views = rig.role.views(rig.nowNs);
        assertEquals(to, views.isEmpty() ? "gone" : views.get(0).state().name());
        boolean present = !views.isEmpty() && views.get(0).state().isPresent();
        assertEquals(present, rig.isHere());
        assertEquals(List.of(), rig.kernel.trespasses());
    }

    private void reach(VipState state) {
        switch (state) {
            case WAITING -> rig.hear(Kind.NOT_SERVED);
            case HELD -> rig.hear(Kind.SERVED);
            case WITHDRAWING -> {
                reach(VipState.HELD);
                rig.hear(Kind.DRAINING);
            }
            case DRAINING -> {
                reach(VipState.WITHDRAWING);
                rig.pass(HostRig.ANNOUNCEMENT, Kind.DRAINING);
            }
            case WITHDRAWN -> {
                rig.role.withdraw("web");
                rig.hear(Kind.NOT_SERVED);
            }
            case FAULT -> {
                rig.kernel.put(HostRig.foreign(HostRig.WEB, FakeHost.ETH0), rig.nowNs);
                rig.hear(Kind.SERVED);
            }
        }
    }

    private void happen(String event) {
        switch (event) {
            case "SERVED", "DRAINING", "NOT_SERVED", "UNKNOWN" -> rig.say(Kind.valueOf(event));
            case "SILENCE" -> rig.pass(HostRig.WORTH.plus(HostRig.LEASE).plusMillis(1));
            case "ANNOUNCEMENT" -> rig.pass(HostRig.ANNOUNCEMENT, lastSaid());
            case "DRAIN" -> rig.pass(HostRig.DRAIN, lastSaid());
            case "LAPSE" -> rig.freeze(HostRig.LEASE);
            case "REMOVAL" -> rig.kernel.removeOurs(HostRig.WEB);
            case "FOREIGN" -> rig.kernel.put(HostRig.foreign(HostRig.WEB, FakeHost.ETH0), rig.nowNs);
            case "FOREIGN_GONE" -> rig.kernel.removeForeign(HostRig.WEB);
            case "INTERFACE_GONE" -> rig.kernel.unplug("lo");
            case "INTERFACE_DOWN" -> rig.kernel.link("lo", FakeHost.LO, false);
            case "REFUSAL" -> {
                rig.kernel.refuse("Operation not permitted");
                rig.pass(Duration.ofMillis(1_100), Kind.SERVED);
            }
            case "WITHDRAW" -> rig.role.withdraw("web");
            case "RESUME" -> rig.role.resume("web");
            case "UNCONFIGURE" -> rig.role.reconfigure(HostRig.config(), rig.nowNs);
            case "RECONFIGURE" -> rig.role.reconfigure(HostRig.config(HostRig.web()), rig.nowNs);
            case "STOP" -> rig.role.stop();
            case "STOP_NOW" -> rig.role.stopNow();
            default -> throw new AssertionError(event);
        }
        rig.step();
    }

    private Kind lastSaid() {
        return rig.verdicts.get("web").kind();
    }
}
