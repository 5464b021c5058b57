package io.penstock.serving;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Asks forwarders about VIPs: one thread for each that is asked, however many VIPs it is asked about. Others to be asked for change only
 * what they have to: what was heard of one that stays, stays. NOT thread safe; its watches have threads of their own.
 */
public final class ForwarderWatches implements AutoCloseable {
    private final VerdictListener listener;
    private final LongSupplier nowNs;
    private final String threadPrefix;
    private final Map<Peer, ForwarderWatch> watches = new HashMap<>();
    private int started;

    /**
     * A VIP, and whom to ask about it.
     *
     * @param name that the listener is told; no two have the same
     */
    public record Asked(String name, IpAddress address, ForwarderQuestion question) {}

    /** Whom to ask, and how often; all VIPs that have this in common are asked for at once. */
    private record Peer(AdminAddress server, AdminCredentials credentials, Duration interval, Duration timeout) {
        static Peer of(ForwarderQuestion how) {
            return new Peer(how.server(), how.credentials(), how.interval(), how.timeout());
        }
    }

    /**
     * Asks nobody yet.
     *
     * @param nowNs the clock of the verdicts; asked from any thread
     * @param threadPrefix of the watches' threads; a number follows
     */
    public ForwarderWatches(VerdictListener listener, LongSupplier nowNs, String threadPrefix) {
        this.listener = listener;
        this.nowNs = nowNs;
        this.threadPrefix = threadPrefix;
    }

    /** From now on about these; what was heard of one that stays, counts on. */
    public void watch(Collection<Asked> vips) {
        Map<Peer, List<Asked>> wanted = new LinkedHashMap<>();
        vips.forEach(vip -> wanted.computeIfAbsent(Peer.of(vip.question()), peer -> new ArrayList<>())
                .add(vip));
        watches.entrySet().removeIf(entry -> {
            boolean unwanted = !wanted.containsKey(entry.getKey());
            if (unwanted) {
                entry.getValue().close();
            }
            return unwanted;
        });
        wanted.forEach((peer, members) -> {
            ForwarderWatch running = watches.get(peer);
            if (running == null) {
                started++;
                ForwarderQuestion how = members.get(0).question();
                watches.put(peer, ForwarderWatch.start(how, members, listener, nowNs, threadPrefix + started));
            } else {
                running.watch(members);
            }
        });
    }

    /** Nothing is said of these any more when this returns. */
    public void forget(Set<String> names) {
        watches.values().forEach(watch -> watch.forget(names));
    }

    /** Nothing is told any more when this returns; questions under way end by their timeouts. */
    @Override
    public void close() {
        watches.values().forEach(ForwarderWatch::close);
        watches.clear();
    }
}
