package io.penstock.vrrp.simulate;

import io.penstock.vrrp.protocol.Action.Notice;
import io.penstock.vrrp.protocol.State;
import io.penstock.vrrp.protocol.Transition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** All that was seen of a simulation. */
final class Seen implements Witness {
    final List<String> lines = new ArrayList<>();
    final VipLog vips = new VipLog();

    /** Which routers were active. */
    final VipLog actives = new VipLog();

    /** When each host sent. */
    final Map<String, NavigableSet<Long>> sends = new HashMap<>();

    @Override
    public void onTransition(String host, Transition transition) {
        lines.add(transition.atNs() + " " + host + " " + transition.from().label() + " -> "
                + transition.to().label() + ": " + transition.reason());
        actives.onVip(host, transition.to() == State.ACTIVE, transition.atNs());
    }

    @Override
    public void onSent(String host, int priority, long nowNs) {
        lines.add(nowNs + " " + host + " sends " + priority);
        sends.computeIfAbsent(host, name -> new TreeSet<>()).add(nowNs);
    }

    @Override
    public void onNotice(String host, Notice notice, long nowNs) {
        lines.add(nowNs + " " + host + " notes " + notice.kind());
    }

    @Override
    public void onAnnounced(String host, String reason, long nowNs) {
        lines.add(nowNs + " " + host + " announces again");
    }

    @Override
    public void onVip(String host, boolean present, long nowNs) {
        lines.add(nowNs + " " + host + (present ? " has" : " has no") + " VIP");
        vips.onVip(host, present, nowNs);
    }

    String text() {
        return String.join("\n", lines);
    }
}
