package io.penstock.bgp.control;

import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.policy.Condition;
import io.penstock.bgp.policy.Stance;
import io.penstock.bgp.rib.WantedPaths;
import io.penstock.bgp.route.LargeCommunity;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an agent that starts now would want of the daemon; nothing is done about it.
 *
 * @param owner the mark of its paths
 * @param stances by VIP, in the order of the configuration
 */
public record Forecast(LargeCommunity owner, WantedPaths wanted, Map<String, Stance> stances) {
    public Forecast {
        stances = Collections.unmodifiableMap(new LinkedHashMap<>(stances));
    }

    /**
     * With the orders that a former run has left.
     *
     * @param asn the daemon's
     * @throws IOException when orders that were left cannot be read; the message says what to do
     */
    public static Forecast of(BgpConfig config, long asn, Map<String, Condition> conditions, long nowNs)
            throws IOException {
        Vips vips = new Vips(event -> {});
        vips.reconfigure(config, nowNs);
        vips.word(Wording.of(config, asn));
        OrderFile orders = new OrderFile(config.stateDirectory());
        StandingOrders.apply(orders.load(), orders.nowMs(), vips);
        vips.judge(conditions, nowNs);
        Map<String, Stance> stances = new LinkedHashMap<>();
        vips.all().forEach(vip -> stances.put(vip.name(), vip.stance()));
        return new Forecast(config.owner(asn), vips.wanted(), stances);
    }
}
