package io.penstock.bgp.guard;

import io.penstock.bgp.config.GlobalConfig;
import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonException.Kind;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.gobgp.DaemonListener;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A table, and a daemon that has it, is away or not started. Safe from any thread. */
final class FakeDaemon implements BgpDaemon {
    final Map<IpPrefix, RibPath> table = new ConcurrentHashMap<>();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger asked = new AtomicInteger();
    volatile boolean reachable = true;
    volatile boolean started = true;

    /** It says who it is after a second; all else at once. */
    volatile boolean reticent;

    /** As when another client puts each path in again. */
    volatile boolean refilled;

    /** As a client's opening has it. */
    FakeDaemon open() {
        opened.incrementAndGet();
        return this;
    }

    void put(String prefix, boolean local, LargeCommunity... marks) {
        IpPrefix at = IpPrefix.parse(prefix).orElseThrow();
        PathAttributes none = PathAttributes.NONE;
        PathAttributes attributes = new PathAttributes(
                none.origin(),
                none.nextHop(),
                none.asPath(),
                none.med(),
                none.localPref(),
                none.communities(),
                none.extendedCommunities(),
                new TreeSet<>(List.of(marks)));
        table.put(at, new RibPath(at, attributes, local, true));
    }

    Set<String> prefixes() {
        Set<String> prefixes = new TreeSet<>();
        table.keySet().forEach(prefix -> prefixes.add(prefix.toString()));
        return prefixes;
    }

    private <T> CompletableFuture<T> answer(T value) {
        return reachable
                ? CompletableFuture.completedFuture(value)
                : CompletableFuture.failedFuture(new DaemonException(Kind.UNREACHABLE, "nobody there"));
    }

    @Override
    public CompletableFuture<DaemonIdentity> identity() {
        asked.incrementAndGet();
        if (reticent) {
            return new CompletableFuture<DaemonIdentity>()
                    .completeOnTimeout(new DaemonIdentity(65_001, "192.0.2.1"), 1, TimeUnit.SECONDS);
        }
        return answer(started ? new DaemonIdentity(65_001, "192.0.2.1") : new DaemonIdentity(0, ""));
    }

    @Override
    public CompletableFuture<List<RibPath>> paths() {
        return started
                ? answer(List.copyOf(table.values()))
                : CompletableFuture.failedFuture(new DaemonException(Kind.REFUSED, "not started"));
    }

    @Override
    public CompletableFuture<Void> withdraw(IpPrefix prefix) {
        if (reachable && !refilled) {
            table.remove(prefix);
        }
        return answer(null);
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }

    @Override
    public CompletableFuture<Void> start(GlobalConfig global) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> announce(IpPrefix prefix, PathAttributes attributes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<List<PeerView>> peers() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Set<IpPrefix>> sentTo(String peer, Collection<IpPrefix> prefixes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<List<RibPath>> paths(Collection<IpPrefix> prefixes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> addPeer(PeerConfig peer, LargeCommunity owner) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> updatePeer(PeerConfig peer, LargeCommunity owner) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<List<String>> differences(PeerConfig peer, LargeCommunity owner) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> deletePeer(String address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Watch watch(DaemonListener listener) {
        throw new UnsupportedOperationException();
    }
}
