package io.penstock.forwarder.bpf;

/** What came of {@link BpfProgram#run}. */
public final class TestRun {
    private final int verdict;
    private final byte[] packet;
    private final int durationNs;
    private final int mark;

    TestRun(int verdict, byte[] packet, int durationNs, int mark) {
        this.verdict = verdict;
        this.packet = packet;
        this.durationNs = durationNs;
        this.mark = mark;
    }

    /** What the program returned: XDP_... of linux/bpf.h, or TC_ACT_... of linux/pkt_cls.h. */
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

    /** As a program of tc left it; 0 of others. */
    public int mark() {
        return mark;
    }
}
