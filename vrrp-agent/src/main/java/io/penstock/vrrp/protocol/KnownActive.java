package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import java.util.Optional;

/** The active router, as a backup knows it from what it has heard. NOT thread safe. */
final class KnownActive {
    /** What the last advertisement meant. */
    private enum Word {
        NONE,
        /** It is to be waited for. */
        FOLLOWED,
        /** Its sender has a lower priority, so it changes nothing. */
        OUTRANKED,
        RESIGNED
    }

    private Word last = Word.NONE;
    private Optional<IpAddress> address = Optional.empty();
    private int priority;
    private long intervalNs;

    /** Nobody was heard; the interval is the own one until somebody is. */
    void forget(long ownIntervalNs) {
        set(Word.NONE, Optional.empty(), 0);
        intervalNs = ownIntervalNs;
    }

    void follow(Advertisement heard, IpAddress source) {
        set(Word.FOLLOWED, Optional.of(source), heard.priority());
        intervalNs = heard.interval().toNanos();
    }

    void outrank(Advertisement heard, IpAddress source) {
        set(Word.OUTRANKED, Optional.of(source), heard.priority());
    }

    void resign(IpAddress source) {
        set(Word.RESIGNED, Optional.of(source), 0);
    }

    private void set(Word word, Optional<IpAddress> who, int itsPriority) {
        last = word;
        address = who;
        priority = itsPriority;
    }

    boolean isHeard() {
        return last != Word.NONE;
    }

    Optional<IpAddress> address() {
        return last == Word.RESIGNED ? Optional.empty() : address;
    }

    int priority() {
        return priority;
    }

    /** Active_Adver_Interval. */
    long intervalNs() {
        return intervalNs;
    }

    /** Why a backup is active when its timer has run out. */
    String reasonToTakeOver() {
        String who = address.map(IpAddress::toString).orElse("");
        return switch (last) {
            case NONE -> "no active router was heard";
            case FOLLOWED -> who + " was not heard any more";
            case OUTRANKED -> who + " has the lower priority " + priority;
            case RESIGNED -> who + " stopped being active";
        };
    }
}
