package io.penstock.vrrp.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which hosts had the VIP when. NOT thread safe. */
public final class VipLog {
    /** A time in which nothing changed; not empty. */
    public record Span(long fromNs, long toNs, Set<String> hosts) {
        public long lengthNs() {
            return toNs - fromNs;
        }
    }

    private final List<Span> spans = new ArrayList<>();
    private final Set<String> hosts = new TreeSet<>();
    private long sinceNs;

    public void onVip(String host, boolean present, long nowNs) {
        close(nowNs);
        if (present) {
            hosts.add(host);
        } else {
            hosts.remove(host);
        }
    }

    private void close(long nowNs) {
        if (nowNs > sinceNs) {
            spans.add(new Span(sinceNs, nowNs, Set.copyOf(hosts)));
            sinceNs = nowNs;
        }
    }

    /** From the begin to this end, without a gap; neighbours differ. */
    public List<Span> spans(long endNs) {
        close(endNs);
        List<Span> merged = new ArrayList<>();
        for (Span span : spans) {
            int last = merged.size() - 1;
            if (last >= 0 && merged.get(last).hosts().equals(span.hosts())) {
                merged.set(last, new Span(merged.get(last).fromNs(), span.toNs(), span.hosts()));
            } else {
                merged.add(span);
            }
        }
        return merged;
    }
}
