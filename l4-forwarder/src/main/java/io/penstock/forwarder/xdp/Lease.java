package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;

/**
 * How agents know, without asking this process, that health is looked at: who announces the addresses withdraws them once the time in the
 * map is over. It is renewed only while the thread that decides about health goes on as well. {@code fwd-xdp}'s alone.
 */
final class Lease {
    private static final int RENEWALS = 3;

    private final PlaneMaps maps;
    private long renewAtNs;
    private long untilNs;

    Lease(PlaneMaps maps) {
        this.maps = maps;
        renewAtNs = System.nanoTime();
    }

    /** @param controlNs when the other thread was last heard of; 0 for never */
    void renew(long nowNs, long controlNs, long leaseNs) throws BpfException {
        if (nowNs - renewAtNs < 0) {
            return;
        }
        renewAtNs = nowNs + leaseNs / RENEWALS;
        if (controlNs != 0 && nowNs - controlNs < leaseNs) {
            untilNs = nowNs + leaseNs;
            maps.putLease(untilNs);
        }
    }

    void giveBack() throws BpfException {
        untilNs = 0;
        maps.putLease(0);
    }

    /** Of {@link System#nanoTime}; 0 when there is none. */
    long untilNs() {
        return untilNs;
    }

    long nextNs() {
        return renewAtNs;
    }
}
