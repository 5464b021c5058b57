package io.penstock.forwarder.client.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong with the words of the command, before anything is looked at. */
class BackendWordsTest {
    @Test
    void shouldSayAllThatIsWrongWithItsWords() {
        XdpRun run = XdpRun.of(
                "backend",
                "--vip",
                "224.0.0.1",
                "--vip",
                "192.0.2.10:0",
                "--encapsulation",
                "l2",
                "--interface",
                "eth0",
                "--vni",
                "-1",
                "--mss",
                "99",
                "--source",
                "10.0.0.1/24",
                "--forwarder",
                "10.0.0.1",
                "--forwarder",
                "::1");
        assertEquals(2, run.exitCode());
        for (String part : List.of(
                "--vip: must be an address, maybe with a port (was 224.0.0.1)",
                "--vip: must be an address, maybe with a port (was 192.0.2.10:0)",
                "--source: must be any, an address or a network (was 10.0.0.1/24)",
                "--forwarder: addresses must be of one family",
                "--vni: must be 0 to 16777215 (was -1)",
                "--mss: must be 0, or 536 to 65495 (was 99)",
                "--vni: is for --encapsulation vxlan only",
                "--source: is for --encapsulation ipip only",
                "--forwarder: is for --encapsulation ipip and vxlan only")) {
            assertTrue(run.err().contains(part), () -> part + " in " + run.err());
        }
    }
}
