package io.penstock.config;

import java.util.Map;

/** Reads {@code protocol}: the number by which an agent tells in the kernel what is its own (IFA_PROTO, rtm_protocol). */
public final class OwnershipMark {
    /** Of the ecmp-agent, unless its file says otherwise. */
    public static final int ECMP_AGENT = 210;

    /** Of the vrrp-agent, unless its file says otherwise. */
    public static final int VRRP_AGENT = 211;

    /** From here on the kernel passes them on as they are. */
    private static final int MIN = 5;

    private static final int MAX = 255;

    /** As iproute2's rt_protos has them. */
    private static final Map<Integer, String> TAKEN = Map.ofEntries(
            Map.entry(8, "gated"),
            Map.entry(9, "ra"),
            Map.entry(10, "mrt"),
            Map.entry(11, "zebra"),
            Map.entry(12, "bird"),
            Map.entry(13, "dnrouted"),
            Map.entry(14, "xorp"),
            Map.entry(15, "ntk"),
            Map.entry(16, "dhcp"),
            Map.entry(17, "mrouted"),
            Map.entry(18, "keepalived"),
            Map.entry(42, "babel"),
            Map.entry(84, "ovn"),
            Map.entry(99, "openr"),
            Map.entry(186, "bgp"),
            Map.entry(187, "isis"),
            Map.entry(188, "ospf"),
            Map.entry(189, "rip"),
            Map.entry(192, "eigrp"),
            Map.entry(ECMP_AGENT, "the ecmp-agent"),
            Map.entry(VRRP_AGENT, "the vrrp-agent"));

    private OwnershipMark() {}

    /**
     * Reports one that is another's.
     *
     * @param usual of this agent, which holds when the key is absent
     */
    public static int read(ConfigSection document, int usual) {
        int mark = document.integer("protocol", usual, MIN, MAX);
        if (mark != usual && TAKEN.containsKey(mark)) {
            document.problem("protocol", "marks what is the agent's own, and this is the number of " + TAKEN.get(mark));
        }
        return mark;
    }
}
