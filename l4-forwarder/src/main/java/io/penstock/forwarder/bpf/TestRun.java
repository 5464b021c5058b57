package io.penstock.forwarder.bpf;

/** What came of {@link BpfProgram#run}. */
public final class TestRun {
    private final int verdict;
    private final byte[] packet;
    private final int durationNs;

    TestRun(int verdict, byte[] packet, int durationNs) {
        this.verdict = verdict;
        this.packet = packet;
        this.durationNs = durationNs;
    }

    /** What the program returned: XDP_... of linux/bpf.h. */
    public int verdict() {
        return verdict;
    }

    /** As the program left it. */
    public byte[] packet() {
        return packet.clone();
    }

    /** Of one run; the mean of all. */
    public int durationNs() {
        return durationNs;
    }
}
