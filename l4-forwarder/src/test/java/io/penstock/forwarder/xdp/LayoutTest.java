package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.table.Encapsulation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** That both sides mean the same by an octet. */
class LayoutTest {
    private static final Path SOURCE = Path.of("src/main/bpf");

    @Test
    void shouldHaveTheCountersOfTheProgramInItsOrder() throws Exception {
        String text = Files.readString(SOURCE.resolve("counters.h"));
        Matcher names = Pattern.compile("enum counter \\{([^}]*)\\}").matcher(text);
        assertTrue(names.find());
        List<String> theirs = new ArrayList<>();
        for (String name : names.group(1).replace(" = 0", "").strip().split(",\\s*", -1)) {
            theirs.add(name);
        }

        List<String> ours = new ArrayList<>();
        for (PlaneCounter counter : PlaneCounter.values()) {
            ours.add(counter.name());
        }
        ours.add("COUNTERS");

        assertEquals(theirs, ours);
    }

    @Test
    void shouldHaveTheBoundsOfTheProgram() throws Exception {
        String text = Files.readString(SOURCE.resolve("maps.h"));

        assertEquals(Abi.VERSION, defined(text, "ABI_VERSION"));
        assertEquals(Abi.RING_SLOTS, defined(text, "RING_SLOTS"));
        assertEquals(Abi.MAX_RINGS, defined(text, "MAX_RINGS"));
        assertEquals(Abi.MAX_SERVICES, defined(text, "MAX_SERVICES"));
        assertEquals(Abi.MAX_REALS, defined(text, "MAX_REALS"));
        assertEquals(Abi.VIP_SLOTS, defined(text, "VIP_SLOTS"));
        assertEquals(Abi.VIP_PROBES, defined(text, "VIP_PROBES"));
        assertEquals(2 * Abi.MAX_RANGES, defined(text, "MAX_RANGES"));
        assertEquals(Abi.RANGES_PER_VIP, defined(Files.readString(SOURCE.resolve("vip.h")), "MAX_RANGES_OF_VIP"));
    }

    private static int defined(String text, String name) {
        Matcher value = Pattern.compile("#define " + name + " (\\d+)").matcher(text);
        assertTrue(value.find(), name);
        return Integer.parseInt(value.group(1));
    }

    @Test
    void shouldWriteABackendAsTheProgramReadsIt() {
        Real real = new Real(
                PacketTables.ip("10.0.0.11"),
                Encapsulation.VXLAN,
                100,
                Real.State.DRAINING,
                new Real.Path(7, Mac.parse("02:00:00:00:00:01"), Mac.parse("02:00:00:00:00:fe"), 1500),
                9);
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[Real.BYTES]);

        real.put(buffer, 0);

        assertEquals(
                "00000000000000000000ffff0a00000b" + "0200000000fe" + "020000000001" + "0270656e7374" + "02" + "02"
                        + "07000000" + "09000000" + "64000000" + "dc05" + "0200" + "00000000",
                hex(buffer));
        assertEquals(real, Real.get(buffer, 0));
    }

    @Test
    void shouldSayThatABackendIsOfIpv6AndHasNoNextHop() {
        Real real =
                new Real(PacketTables.ip("2001:db8::b"), Encapsulation.IPIP, 0, Real.State.UP, Real.Path.UNKNOWN, 1);
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[Real.BYTES]);

        real.put(buffer, 0);

        assertEquals(1, buffer.getShort(50));
        assertEquals(real, Real.get(buffer, 0));
        assertEquals("02:00:5e:10:00:fa", Mac.parse("02:00:5e:10:00:fa").toString());
    }

    @Test
    void shouldWriteAServiceAsTheProgramReadsIt() {
        ServiceEntry entry = new ServiceEntry(3, Abi.NONE, 0x0102030405L, true, new HashInput(true, 24, 128));
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[ServiceEntry.BYTES]);

        entry.put(buffer, 0);

        assertEquals("03000000" + "ffffffff" + "0504030201000000" + "03000000" + "18" + "80" + "0000", hex(buffer));
        assertEquals(entry, ServiceEntry.get(buffer, 0));
    }

    private static String hex(UnsafeBuffer buffer) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < buffer.capacity(); i++) {
            text.append(Character.forDigit((buffer.getByte(i) >> 4) & 0xf, 16))
                    .append(Character.forDigit(buffer.getByte(i) & 0xf, 16));
        }
        return text.toString();
    }
}
