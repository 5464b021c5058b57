package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.Action.AnnounceAgain;
import io.penstock.vrrp.protocol.Action.Notice;
import io.penstock.vrrp.protocol.Action.Send;
import io.penstock.vrrp.protocol.Action.TakeOver;

/** What an active router makes of what happens (RFC 9568 section 6.4.3). NOT thread safe. */
final class Active {
    private final Machine machine;

    Active(Machine machine) {
        this.machine = machine;
    }

    /** To be asked before all else: somebody may have taken over, and then what they say is for a backup. */
    boolean stepsDown(long nowNs) {
        if (!machine.settings().stepDownWhenLate() || !machine.lateness.isLate(nowNs)) {
            return false;
        }
        machine.stepDown(nowNs);
        return true;
    }

    void onAdvertisement(Advertisement heard, IpAddress source, long nowNs) {
        if (heard.priority() == 0) {
            machine.advertise(nowNs);
        } else if (heard.priority() > machine.priority()) {
            String its = source + " is active with priority " + heard.priority();
            machine.becomeBackupOf(heard, source, its + ", higher than " + machine.priority(), nowNs);
        } else if (heard.priority() == machine.priority() && isHigher(source)) {
            String its = source + " is active with the same priority " + heard.priority();
            machine.becomeBackupOf(heard, source, its + " and the higher address", nowNs);
        } else if (machine.isOwn(source)) {
            // Not answered: whoever has our address would answer that in turn, without end.
            noticeDuplicate(source + " is this host's own address: looped back, or another host has it too");
        } else {
            beat(source + " with priority " + heard.priority() + " was active too", nowNs);
        }
    }

    /** As unsigned integers in network byte order. */
    private boolean isHigher(IpAddress source) {
        return machine.conditions()
                .ownAddress()
                .filter(own -> source.compareTo(own) > 0)
                .isPresent();
    }

    /** In version 3 it is told at once (RFC 9568); in version 2 it hears the next advertisement. */
    private void beat(String text, long nowNs) {
        noticeDuplicate(text);
        if (machine.settings().version() == Version.V3) {
            machine.add(new Send(machine.priority()));
        }
        if (machine.duplicate.onHeard(nowNs)) {
            machine.add(new AnnounceAgain(text));
        }
    }

    private void noticeDuplicate(String text) {
        machine.add(new Notice(Notice.Kind.DUPLICATE_ACTIVE, text));
    }

    void onDeadline(long nowNs) {
        if (stepsDown(nowNs) || !machine.isTimerDue(nowNs)) {
            return;
        }
        if (machine.lateness.isNewlyLate(nowNs)) {
            machine.add(new Notice(Notice.Kind.LATE, machine.lateness.text(nowNs)));
        }
        machine.advertise(nowNs);
        if (machine.duplicate.onQuiet(Timers.ADVERTISEMENTS * machine.ownIntervalNs(), nowNs)) {
            machine.add(new AnnounceAgain("the other active router has fallen silent"));
        }
    }

    void onSent(boolean sent, long nowNs) {
        machine.noteSent(sent);
        if (sent) {
            machine.lateness.restart(machine.ownIntervalNs(), nowNs);
        }
        if (sent || !machine.settings().stepDownWhenLate()) {
            machine.stayActive();
        } else {
            machine.unheardByOthers(nowNs);
        }
    }

    /** Backups learn the interval from what they hear, and new addresses are to be put on their interface. */
    void onSettings(RouterSettings former, long nowNs) {
        RouterSettings settings = machine.settings();
        boolean sameAddresses = settings.addresses().equals(former.addresses());
        if (!sameAddresses || !settings.interval().equals(former.interval())) {
            machine.advertise(nowNs);
        }
        if (!sameAddresses) {
            machine.add(new TakeOver());
        }
    }

    long deadlineNs() {
        return machine.settings().stepDownWhenLate()
                ? Math.min(machine.timerNs(), machine.lateness.deadlineNs())
                : machine.timerNs();
    }
}
