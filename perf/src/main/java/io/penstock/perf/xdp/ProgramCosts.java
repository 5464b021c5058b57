package io.penstock.perf.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfMap;
import io.penstock.forwarder.bpf.BpfObject;
import io.penstock.forwarder.bpf.BpfProgram;
import io.penstock.forwarder.bpf.RingMap;
import io.penstock.forwarder.bpf.TestRun;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Nanoseconds that the program takes for a packet (BPF_PROG_TEST_RUN, harness included), with the maps of a forwarder that runs: the least of many
 * runs.
 *
 * @param bare a program that passes whatever comes
 * @param hit l2, of a flow that is remembered
 * @param stateless l2, of a service without a flow table
 * @param first l2, a SYN
 * @param foreign not for a VIP
 * @param bareOnce as {@code bare}, a packet at a time
 * @param hitOnce as {@code hit}, a packet at a time
 * @param wrappedOnce ipip, of a flow that is remembered, a packet at a time: one that is wrapped already is not wrapped again
 * @param ringMicros filling a ring of 65,537 slots, microseconds
 */
record ProgramCosts(
        double bare,
        double hit,
        double stateless,
        double first,
        double foreign,
        double bareOnce,
        double hitOnce,
        double wrappedOnce,
        double ringMicros) {
    /** What a packet's TTL allows, which the program counts down; with fewer the cold first one shows. */
    private static final int REPEAT = 240;

    /**
     * Programs take turns, so that what slows the machine for a while slows all of them. More takes long: the kernel waits for all of its CPUs
     * before and after each run of more than one packet.
     */
    private static final int TURNS = 20;

    private static final int RUNS = 10;
    private static final int SERVICES = 1024;
    private static final int SERVICE_BYTES = 24;
    private static final int PREVIOUS = 4;
    private static final int NONE = -1;
    private static final long CALM_LIMIT_NS = 60_000_000_000L;
    private static final long CALM_LOOK_MS = 100;
    private static final int RUNS_ONCE = 6_000;
    private static final int SLOTS = 65_537;
    private static final int RINGS = 30;
    private static final int XDP_TX = 3;
    private static final int XDP_REDIRECT = 4;
    private static final int SYN = 0x02;
    private static final int ACK = 0x10;
    private static final int PORT = 40_000;
    private static final double NANOS_PER_MICRO = 1e3;

    /**
     * Takes some seconds.
     *
     * @param pins where a running forwarder has its maps; a few flows more will be in them
     */
    static ProgramCosts measure(Path pins) throws IOException, InterruptedException {
        try (BpfObject object = BpfObject.open("penstock.bpf.o")) {
            object.pin(pins);
            object.load();
            awaitNoChange(object.map("services"));
            return measure(object.program("penstock"), object.program("nothing"));
        } catch (BpfException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** While a change is young a packet costs more: the clock is read, and the ring before is looked at. */
    private static void awaitNoChange(BpfMap services) throws InterruptedException, IOException {
        long endNs = System.nanoTime() + CALM_LIMIT_NS;
        while (isChanging(services)) {
            if (System.nanoTime() - endNs > 0) {
                throw new IOException("the forwarder's rings keep changing");
            }
            Thread.sleep(CALM_LOOK_MS);
        }
    }

    private static boolean isChanging(BpfMap services) {
        UnsafeBuffer key = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Integer.BYTES, Long.BYTES));
        UnsafeBuffer service = new UnsafeBuffer(BufferUtil.allocateDirectAligned(SERVICE_BYTES, Long.BYTES));
        for (int i = 0; i < SERVICES; i++) {
            key.putInt(0, i);
            boolean isUsed = services.lookup(key, service) && service.getLong(Long.BYTES) != 0;
            if (isUsed && service.getInt(PREVIOUS) != NONE) {
                return true;
            }
        }
        return false;
    }

    private static ProgramCosts measure(BpfProgram program, BpfProgram nothing) throws BpfException, IOException {
        byte[] hit = packet(Contestant.PACKETS.vip(), ACK);
        byte[] syn = packet(Contestant.PACKETS.vip(), SYN);
        byte[] stateless = packet(Contestant.STATELESS.vip(), ACK);
        byte[] wrapped = packet(Contestant.WRAPPED.vip(), ACK);
        requireForwarded(program, syn);
        requireForwarded(program, stateless);
        requireForwarded(program, packet(Contestant.WRAPPED.vip(), SYN));
        byte[] foreign = packet("198.51.100.1", ACK);
        double[] best = best(List.of(
                () -> nothing.run(hit, REPEAT),
                () -> program.run(hit, REPEAT),
                () -> program.run(stateless, REPEAT),
                () -> program.run(syn, REPEAT),
                () -> program.run(foreign, REPEAT)));
        return new ProgramCosts(
                best[0],
                best[1],
                best[2],
                best[3],
                best[4],
                median(nothing, hit),
                median(program, hit),
                median(program, wrapped),
                fill());
    }

    private static void requireForwarded(BpfProgram program, byte[] packet) throws BpfException, IOException {
        int verdict = program.run(packet, 1).verdict();
        if (verdict != XDP_TX && verdict != XDP_REDIRECT) {
            throw new IOException("the program does not forward, but says " + verdict);
        }
    }

    private interface Run {
        TestRun again() throws BpfException;
    }

    private static double[] best(List<Run> runs) throws BpfException {
        double[] best = new double[runs.size()];
        Arrays.fill(best, Integer.MAX_VALUE);
        for (int turn = 0; turn < TURNS; turn++) {
            for (int i = 0; i < best.length; i++) {
                for (int j = 0; j < RUNS; j++) {
                    best[i] = Math.min(best[i], runs.get(i).again().durationNs());
                }
            }
        }
        return best;
    }

    /** One packet at a time is measured in few ticks of the clock, of which the least says little. */
    private static double median(BpfProgram program, byte[] packet) throws BpfException {
        int[] durations = new int[RUNS_ONCE];
        for (int i = 0; i < RUNS_ONCE; i++) {
            durations[i] = program.run(packet, 1).durationNs();
        }
        Arrays.sort(durations);
        return durations[RUNS_ONCE / 2];
    }

    private static double fill() throws BpfException {
        int[] slots = new int[SLOTS];
        Arrays.setAll(slots, i -> i % Byte.MAX_VALUE);
        long[] times = new long[RINGS];
        for (int i = 0; i < RINGS; i++) {
            try (RingMap ring = RingMap.create(SLOTS)) {
                long beganNs = System.nanoTime();
                ring.fill(slots);
                times[i] = System.nanoTime() - beganNs;
            }
        }
        Arrays.sort(times);
        return times[RINGS / 2] / NANOS_PER_MICRO;
    }

    /** What wrapping costs beside rewriting, without what a run costs that does nothing. */
    double wrappedRatio() {
        return (wrappedOnce - bareOnce) / (hitOnce - bareOnce);
    }

    /** Ethernet, IPv4 and TCP without data, from a client of this measurement's own. */
    private static byte[] packet(String destination, int flags) throws IOException {
        ByteBuffer packet = ByteBuffer.allocate(54);
        packet.put(new byte[] {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 7, 8, 0});
        packet.put(new byte[] {0x45, 0, 0, 40, 0, 1, 0x40, 0, (byte) 255, 6, 0, 0, 10, 0, 0, 77});
        packet.put(InetAddress.getByName(destination).getAddress());
        packet.putShort(24, checksum(packet, 14, 34));
        packet.putShort((short) PORT).putShort((short) 80).putInt(1).putInt(1);
        packet.put((byte) 0x50).put((byte) flags).putShort((short) 100).putInt(0);
        return packet.array();
    }

    /** RFC 1071. */
    private static short checksum(ByteBuffer packet, int from, int to) {
        int sum = 0;
        for (int at = from; at < to; at += Short.BYTES) {
            sum += Short.toUnsignedInt(packet.getShort(at));
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~((sum & 0xffff) + (sum >>> 16));
    }
}
