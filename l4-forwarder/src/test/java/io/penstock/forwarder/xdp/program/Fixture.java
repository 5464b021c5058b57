package io.penstock.forwarder.xdp.program;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One packet, how things stand when it comes, and what becomes of it: the verdict, all that is counted, the packet that leaves. */
final class Fixture {
    static final int DROP = 1;
    static final int PASS = 2;
    static final int TX = 3;
    static final int REDIRECT = 4;
    static final int NOBODY = -1;

    private final String name;
    private final byte[] packet;
    private final Map<String, Long> counts = new TreeMap<>();
    private Setup setup = plane -> {};
    private Setup after = plane -> {};
    private int verdict;
    private int real = NOBODY;
    private int times = 1;
    private byte[] expected;

    /** What a fixture changes or looks at. */
    interface Setup {
        void on(Plane plane) throws Exception;
    }

    private Fixture(String name, byte[] packet) {
        this.name = name;
        this.packet = packet;
    }

    static Fixture when(String name, Packet packet) {
        return when(name, packet.octets());
    }

    static Fixture when(String name, byte[] packet) {
        return new Fixture(name, packet);
    }

    /** Of a packet, only so much. */
    static byte[] cut(Packet packet, int octets) {
        return Arrays.copyOf(packet.octets(), octets);
    }

    /** On top of {@link World}. */
    Fixture given(Setup state) {
        setup = state;
        return this;
    }

    /** So often, each time what came out the last time; how often something is counted does not matter then. */
    Fixture times(int count) {
        times = count;
        return this;
    }

    /** What must hold when it is over. */
    Fixture then(Setup check) {
        after = check;
        return this;
    }

    /** To a backend, through the interface that it came from. */
    Fixture forwards(int to, Packet leaving, String... counters) {
        return forwards(to, leaving.octets(), counters);
    }

    Fixture forwards(int to, byte[] leaving, String... counters) {
        real = to;
        return ends(TX, leaving, counters);
    }

    /** To a backend, through another interface. */
    Fixture redirects(int to, Packet leaving, String... counters) {
        real = to;
        return ends(REDIRECT, leaving.octets(), counters);
    }

    /** Back to the sender. */
    Fixture answers(Packet answer, String... counters) {
        return ends(TX, answer.octets(), counters);
    }

    /** To the stack, untouched. */
    Fixture passes(String... counters) {
        return ends(PASS, packet, counters);
    }

    /** To the stack, as it would be if it had been routed here. */
    Fixture passesAs(Packet left, String... counters) {
        return ends(PASS, left.octets(), counters);
    }

    /** To nobody. */
    Fixture drops(String... counters) {
        return ends(DROP, null, counters);
    }

    private Fixture ends(int how, byte[] leaving, String... counters) {
        verdict = how;
        expected = leaving;
        List.of(counters).forEach(counter -> counts.merge(counter, 1L, Long::sum));
        return this;
    }

    Setup setup() {
        return setup;
    }

    Setup after() {
        return after;
    }

    int times() {
        return times;
    }

    byte[] packet() {
        return packet;
    }

    int verdict() {
        return verdict;
    }

    /** Whom it is forwarded to; or {@link #NOBODY}. */
    int real() {
        return real;
    }

    /** Null where no packet leaves. */
    byte[] expected() {
        return expected;
    }

    Map<String, Long> counts() {
        return counts;
    }

    @Override
    public String toString() {
        return name;
    }
}
