package io.penstock.vrrp.client;

import io.penstock.cli.Table;
import io.penstock.vrrp.protocol.Action.Notice;
import io.penstock.vrrp.protocol.Transition;
import io.penstock.vrrp.simulate.VipLog;
import io.penstock.vrrp.simulate.VipLog.Span;
import io.penstock.vrrp.simulate.Witness;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What happened in a simulation, as people read it. NOT thread safe. */
final class Timeline implements Witness {
    private final Table happened = new Table(">TIME", "HOST", "FROM", "TO", "REASON");
    private final VipLog vip = new VipLog();
    private final boolean packets;

    /** Whether advertisements are shown too, and what is noted of them. */
    Timeline(boolean packets) {
        this.packets = packets;
    }

    @Override
    public void onTransition(String host, Transition transition) {
        String from = transition.from().label();
        happened.row(seconds(transition.atNs()), host, from, transition.to().label(), transition.reason());
    }

    @Override
    public void onSent(String host, int priority, long nowNs) {
        packetRow(host, "sends priority " + priority, nowNs);
    }

    @Override
    public void onNotice(String host, Notice notice, long nowNs) {
        packetRow(host, notice.text(), nowNs);
    }

    @Override
    public void onAnnounced(String host, String reason, long nowNs) {
        packetRow(host, "announces its addresses again: " + reason, nowNs);
    }

    private void packetRow(String host, String text, long nowNs) {
        if (packets) {
            happened.row(seconds(nowNs), host, "", "", text);
        }
    }

    @Override
    public void onVip(String host, boolean present, long nowNs) {
        vip.onVip(host, present, nowNs);
    }

    void print(long endNs, PrintWriter out) {
        happened.print(out, "");
        List<Span> spans = vip.spans(endNs);
        Table owners = new Table(">FROM", ">TO", ">LENGTH", "VIP");
        for (Span span : spans) {
            String who = span.hosts().isEmpty() ? "nobody" : String.join(", ", new TreeSet<>(span.hosts()));
            owners.row(seconds(span.fromNs()), seconds(span.toNs()), seconds(span.lengthNs()), who);
        }
        out.println();
        owners.print(out, "");
        out.println();
        out.println(
                "Nobody had the VIP for " + total(spans, span -> span.hosts().isEmpty()) + " s, several had it for "
                        + total(spans, span -> span.hosts().size() > 1) + " s, of " + seconds(endNs) + " s.");
    }

    private static String total(List<Span> spans, Predicate<Span> which) {
        return seconds(spans.stream().filter(which).mapToLong(Span::lengthNs).sum());
    }

    private static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.6f", ns / 1e9);
    }
}
