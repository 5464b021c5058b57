package io.penstock.bgp.handover;

import io.penstock.bgp.config.ThenConfig;
import java.util.Locale;

/** Something that an ecmp-agent is to be told of a VIP. A value; each errand is another one, though it says the same. */
final class Errand {
    private final String vip;
    private final ThenConfig to;
    private final Order order;

    /** What. */
    enum Order {
        /** The address goes, with whatever drain the ecmp-agent has for it. */
        WITHDRAW,
        /** The address comes as soon as it can be served. */
        RESUME;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Errand(String vip, ThenConfig to, Order order) {
        this.vip = vip;
        this.to = to;
        this.order = order;
    }

    String vip() {
        return vip;
    }

    ThenConfig to() {
        return to;
    }

    Order order() {
        return order;
    }
}
