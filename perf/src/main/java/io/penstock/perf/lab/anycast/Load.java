package io.penstock.perf.lab.anycast;

import io.penstock.perf.lab.Arrivals;
import io.penstock.perf.lab.LastingClients;
import io.penstock.perf.lab.LastingClients.Break;
import io.penstock.perf.lab.NewClients;
import io.penstock.perf.lab.SourceAffinity;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Clients of one site while something happens: new connections all the time, and some that stay. */
final class Load {
    static final int STAYING = 150;
    static final double NEW_PER_SECOND = 150;

    /** Less than the first retransmission of a SYN takes. */
    private static final long LATE_NS = TimeUnit.MILLISECONDS.toNanos(900);

    /** As new ones have. Shorter than what is looked at lasts: one that hangs for ever has broken, too. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Site site;
    private final Arrivals arrivals = new Arrivals();
    private final SourceAffinity affinity = new SourceAffinity();
    private final NewClients arriving;
    private LastingClients staying;
    private boolean stays = true;

    private Load(Site site) throws IOException, InterruptedException {
        this.site = site;
        staying = site.clients().staying(STAYING, PATIENCE);
        arriving = site.clients().arriving(Site.SOURCES, NEW_PER_SECOND, Long.MAX_VALUE, outcome -> {
            arrivals.accept(outcome);
            affinity.accept(outcome);
        });
    }

    static Load begin(Site site) throws IOException, InterruptedException {
        return new Load(site);
    }

    /** Established connections through one of these, as backends see them. */
    int openThrough(Collection<String> forwarders) throws IOException, InterruptedException {
        return call(() -> forwarders.stream()
                .mapToInt(address -> staying.openByForwarder().getOrDefault(address, 0))
                .sum());
    }

    List<Break> breaks() throws IOException, InterruptedException {
        return call(staying::breaks);
    }

    /** Those that stay are done. */
    void finishLong() throws IOException, InterruptedException {
        site.clients().loop().end(staying);
        stays = false;
    }

    /** Others that stay, in their place. */
    void openLong() throws IOException, InterruptedException {
        staying = site.clients().staying(STAYING, PATIENCE);
        stays = true;
    }

    long failed(long sinceNs, long untilNs) throws IOException, InterruptedException {
        return call(() -> arrivals.failed(sinceNs, untilNs));
    }

    long came(long sinceNs, long untilNs) throws IOException, InterruptedException {
        return call(() -> arrivals.failed(sinceNs, untilNs) + arrivals.served(sinceNs, untilNs));
    }

    /** New ones that got their answer, but only when they had waited as if their first packets were lost. */
    long late(long sinceNs, long untilNs) throws IOException, InterruptedException {
        return call(() -> arrivals.late(LATE_NS, sinceNs, untilNs));
    }

    /** When the last new one began that one of these had, that failed, or that was late. */
    OptionalLong lastAffected(Collection<String> forwarders, long sinceNs, long untilNs)
            throws IOException, InterruptedException {
        return call(() -> LongStream.concat(
                        forwarders.stream()
                                .flatMapToLong(address -> arrivals.lastAffected(address, sinceNs, untilNs).stream()),
                        arrivals.lastLate(LATE_NS, sinceNs, untilNs).stream())
                .max());
    }

    /** Whether each of these has a new one within the time. */
    boolean awaitServed(Collection<String> forwarders, long sinceNs, Duration limit)
            throws IOException, InterruptedException {
        return site.clients()
                .loop()
                .await(
                        () -> forwarders.stream().allMatch(address -> arrivals.firstServed(address, sinceNs)
                                .isPresent()),
                        limit.toNanos());
    }

    /** Clients that reached more than one backend. */
    int strayed() throws IOException, InterruptedException {
        return call(affinity::strayed);
    }

    /** Clients that came through more than one forwarder. */
    int throughSeveral() throws IOException, InterruptedException {
        return call(affinity::throughSeveral);
    }

    void end() throws IOException, InterruptedException {
        site.clients().loop().end(arriving);
        if (stays) {
            finishLong();
        }
    }

    private interface Question<T> {
        T answer();
    }

    /** On the thread of the clients. */
    private <T> T call(Question<T> question) throws IOException, InterruptedException {
        return site.clients().loop().call(question::answer);
    }
}
