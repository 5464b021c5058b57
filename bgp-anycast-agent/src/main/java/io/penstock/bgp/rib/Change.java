package io.penstock.bgp.rib;

import io.penstock.bgp.route.PathAttributes;
import io.penstock.net.IpPrefix;
import java.util.Locale;

/** What a daemon is to be told about one prefix. */
public sealed interface Change {
    IpPrefix prefix();

    Why why();

    /** Put in, in place of what is there. */
    record Announce(IpPrefix prefix, PathAttributes attributes, Why why) implements Change {}

    /** Take out what is the agent's. */
    record Withdraw(IpPrefix prefix, Why why) implements Change {}

    /** What differs. */
    enum Why {
        /** It was never there, as far as is known. */
        NEW,
        /** It is there with other attributes than are wanted. */
        CHANGED,
        /** It is there with attributes that the agent never gives. */
        ALTERED,
        /** The daemon had taken it, and somebody took it out. */
        MISSING,
        /** The daemon had taken it, and somebody put a path of his own in its place. */
        REPLACED,
        /** Nobody wants it any more. */
        UNWANTED;

        /** Whether somebody else did it, so that the change puts right what was right before. */
        public boolean isRepair() {
            return switch (this) {
                case ALTERED, MISSING, REPLACED -> true;
                case NEW, CHANGED, UNWANTED -> false;
            };
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
