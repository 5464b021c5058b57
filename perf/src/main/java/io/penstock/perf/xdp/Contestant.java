package io.penstock.perf.xdp;

/** Who brings requests from the client to a backend, each at a VIP of its own. */
enum Contestant {
    DIRECT("direct", "192.0.2.1", true, "the router's route leads to the backends, by a hash of addresses and ports"),
    PACKETS("packets, l2", "192.0.2.10", true, "l4-forwarder, `mode: dsr`, `encapsulation: l2`"),
    STATELESS("packets, l2, stateless", "192.0.2.11", false, "the same with `flow-table: off`"),
    WRAPPED("packets, ipip", "192.0.2.20", false, "`encapsulation: ipip`; backends unwrap in XDP"),
    NFTABLES(
            "nftables", "192.0.2.50", true, "`dnat to jhash ip saddr . tcp sport mod 3`; answers come back through it"),
    HAPROXY("HAProxy", "192.0.2.60", true, "`mode tcp`, two threads, `splice-auto`"),
    RELAY("relay", "192.0.2.70", false, "l4-forwarder, `mode: proxy`, two workers");

    private final String label;
    private final String vip;
    private final boolean promised;
    private final String description;

    Contestant(String label, String vip, boolean promised, String description) {
        this.label = label;
        this.vip = vip;
        this.promised = promised;
        this.description = description;
    }

    String label() {
        return label;
    }

    String vip() {
        return vip;
    }

    /** Whether a promise depends on it, so that it has to be measured well. */
    boolean isPromised() {
        return promised;
    }

    /** For a page. */
    String description() {
        return description;
    }
}
