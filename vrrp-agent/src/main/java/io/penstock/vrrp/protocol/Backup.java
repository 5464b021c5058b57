package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;

/** What a backup makes of what happens (RFC 9568 section 6.4.2). NOT thread safe. */
final class Backup {
    private final Machine machine;
    private long heldUntilNs = Long.MIN_VALUE;

    Backup(Machine machine) {
        this.machine = machine;
    }

    /** Leaves active routers of lower priority alone until then, at least. */
    void hold(long untilNs) {
        heldUntilNs = Math.max(heldUntilNs, untilNs);
    }

    void release() {
        heldUntilNs = Long.MIN_VALUE;
    }

    void onAdvertisement(Advertisement heard, IpAddress source, long nowNs) {
        if (heard.priority() == 0) {
            machine.known.resign(source);
            machine.startSkewTimer(nowNs);
            return;
        }
        machine.letGoOfLeftovers();
        if (heard.priority() < machine.priority() && preempts(nowNs)) {
            machine.known.outrank(heard, source);
        } else {
            machine.known.follow(heard, source);
            machine.startDownTimer(nowNs);
        }
    }

    private boolean preempts(long nowNs) {
        return nowNs >= heldUntilNs && (machine.isOwner() || machine.settings().preempt());
    }

    void onDeadline(long nowNs) {
        if (machine.isTimerDue(nowNs)) {
            machine.becomeActive(machine.known.reasonToTakeOver(), nowNs);
        }
    }

    /** Until somebody was heard the own interval is the one to go by; what is left of a longer one is not waited for. */
    void onSettings(long nowNs) {
        if (!machine.known.isHeard()) {
            machine.known.forget(machine.ownIntervalNs());
            machine.shortenDownTimer(nowNs);
        }
    }
}
