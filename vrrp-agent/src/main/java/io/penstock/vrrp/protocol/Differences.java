package io.penstock.vrrp.protocol;

import io.penstock.net.IpAddress;
import io.penstock.vrrp.protocol.Action.Notice;
import io.penstock.vrrp.protocol.Action.Notice.Kind;
import java.util.List;
import java.util.Set;

/** What an advertisement shows of a configuration that is not ours; it is accepted all the same (RFC 9568 sections 7.1, 8.3.2). */
final class Differences {
    private static final int OWNER = 255;

    private Differences() {}

    static void note(Machine machine, Advertisement heard, IpAddress source) {
        RouterSettings own = machine.settings();
        if (machine.isOwner() && heard.priority() == OWNER) {
            machine.add(new Notice(Kind.SEVERAL_OWNERS, source + " says that it owns the addresses too"));
        }
        if (!heard.interval().equals(own.interval())) {
            String theirs =
                    heard.interval().toMillis() + " ms, here " + own.interval().toMillis() + " ms";
            differs(machine, source + " has another interval: " + theirs);
        }
        if (!isSame(heard.addresses(), own.addresses())) {
            differs(machine, source + " has other addresses: " + heard.addresses() + ", here " + own.addresses());
        }
    }

    private static void differs(Machine machine, String text) {
        machine.add(new Notice(Kind.CONFIGURATION_DIFFERS, text));
    }

    /** Their order says nothing. */
    private static boolean isSame(List<IpAddress> theirs, List<IpAddress> ours) {
        return theirs.equals(ours)
                || (theirs.size() == ours.size() && Set.copyOf(theirs).equals(Set.copyOf(ours)));
    }
}
