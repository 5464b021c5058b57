package io.penstock.forwarder.client.xdp;

import com.google.gson.JsonObject;
import io.penstock.cli.Words;
import io.penstock.forwarder.xdp.PlaneCounter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.agrona.DirectBuffer;

/**
 * One packet, as the program has told of it.
 *
 * <pre>
 * struct trace {
 *     __u64 at_ns;         0  CLOCK_MONOTONIC      __u16 length;    56
 *     struct flow flow;    8                       __u8 tcp_flags;  58
 *     __u32 real;         48                       __u8 counter;    59
 *     __u32 service;      52                       __u32 zero;      60
 * };                                                          size 64
 * </pre>
 */
final class TraceEntry {
    static final int BYTES = 64;

    private static final int FLOW = 8;
    private static final int REAL = 48;
    private static final int SERVICE = 52;
    private static final int LENGTH = 56;
    private static final int TCP_FLAGS = 58;
    private static final int COUNTER = 59;

    /** As tcpdump(8) has them, in the order of the bits from the lowest. */
    private static final String FLAG_LETTERS = "FSRP.UEW";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    private TraceEntry() {}

    /**
     * As an object.
     *
     * @param clock from the kernel's clock to the calendar
     */
    static JsonObject read(DirectBuffer buffer, PlaneNames names, Clock clock) {
        JsonObject entry = FlowEntries.describe(buffer, FLOW);
        JsonObject packet = new JsonObject();
        packet.addProperty("at", clock.instant(buffer.getLong(0)).toString());
        entry.asMap().forEach(packet::add);
        packet.addProperty("service", names.service(buffer.getInt(SERVICE)));
        packet.addProperty("backend", names.real(buffer.getInt(REAL)));
        packet.addProperty("length", Short.toUnsignedInt(buffer.getShort(LENGTH)));
        packet.addProperty("flags", flags(Byte.toUnsignedInt(buffer.getByte(TCP_FLAGS))));
        packet.addProperty("way", way(Byte.toUnsignedInt(buffer.getByte(COUNTER))));
        return packet;
    }

    private static String way(int counter) {
        PlaneCounter[] ways = PlaneCounter.values();
        return counter < ways.length ? ways[counter].label() : "#" + counter;
    }

    private static String flags(int bits) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < FLAG_LETTERS.length(); i++) {
            if ((bits >> i & 1) != 0) {
                text.append(FLAG_LETTERS.charAt(i));
            }
        }
        return text.toString();
    }

    /** For people, on one line. */
    static String line(JsonObject packet) {
        String flags = Words.text(packet, "flags");
        return TIME.format(Instant.parse(Words.text(packet, "at"))) + " " + Words.text(packet, "protocol") + " "
                + Words.text(packet, "client") + " > " + Words.text(packet, "vip")
                + (flags.isEmpty() ? "" : " [" + flags + "]") + " " + Words.number(packet, "length") + " -> "
                + Words.text(packet, "service") + " " + Words.text(packet, "backend") + " "
                + Words.text(packet, "way");
    }

    /**
     * What time it was by the calendar.
     *
     * @param now by the calendar
     * @param nowNs the same by CLOCK_MONOTONIC
     */
    record Clock(Instant now, long nowNs) {
        Instant instant(long atNs) {
            return now.plusNanos(atNs - nowNs);
        }
    }
}
