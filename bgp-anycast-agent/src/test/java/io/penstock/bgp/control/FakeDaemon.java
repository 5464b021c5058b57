package io.penstock.bgp.control;

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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A daemon that is a list of calls: each is carried out, and answered, when the test says so; what it did is told to watches then or later.
 * Fails where an agent does what it must not: two calls of one prefix at once, or a start of one that runs.
 */
final class FakeDaemon implements BgpDaemon {
    static final DaemonIdentity STARTED = new DaemonIdentity(Samples.ASN, "192.0.2.1");
    private static final DaemonIdentity EMPTY = new DaemonIdentity(0, "");

    final Map<IpPrefix, RibPath> table = new LinkedHashMap<>();
    final List<RibPath> learned = new ArrayList<>();
    final Map<String, PeerView> peers = new LinkedHashMap<>();
    final List<String> log = new ArrayList<>();
    final Map<IpPrefix, String> refused = new HashMap<>();
    final Set<String> refusedPeers = new HashSet<>();
    DaemonIdentity identity = STARTED;
    boolean reachable = true;

    /** Whether watches are told of anything. */
    boolean tells = true;

    /** Whether it is stopped by a signal: calls are late, watches silent. */
    boolean frozen;

    /** Whether all of its table takes longer than a list may. */
    boolean slow;

    int lists;
    int partialLists;
    int mostAtOnce;

    private final Deque<Call<?>> calls = new ArrayDeque<>();
    private final Deque<Runnable> news = new ArrayDeque<>();
    private final Set<FakeWatch> watches = new LinkedHashSet<>();
    private final Set<IpPrefix> underWay = new HashSet<>();

    /** Waits to be carried out. */
    private static final class Call<T> {
        final CompletableFuture<T> answer = new CompletableFuture<>();
        final Supplier<T> work;
        final Runnable over;

        Call(Supplier<T> work, Runnable over) {
            this.work = work;
            this.over = over;
        }

        void fail(Kind kind, String why) {
            over.run();
            answer.completeExceptionally(new DaemonException(kind, why));
        }

        void carryOut() {
            over.run();
            try {
                answer.complete(work.get());
            } catch (Refusal e) {
                answer.completeExceptionally(new DaemonException(Kind.REFUSED, e.getMessage()));
            }
        }
    }

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refusal(String why) {
            super(why);
        }
    }

    private final class FakeWatch implements Watch {
        final DaemonListener listener;

        FakeWatch(DaemonListener listener) {
            this.listener = listener;
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }

    private <T> CompletableFuture<T> call(Supplier<T> work) {
        return call(work, () -> {});
    }

    private <T> CompletableFuture<T> call(Supplier<T> work, Runnable over) {
        Call<T> call = new Call<>(work, over);
        if (reachable) {
            calls.add(call);
        } else {
            call.fail(Kind.UNREACHABLE, "nobody there");
        }
        return call.answer;
    }

    private <T> CompletableFuture<T> path(IpPrefix prefix, Supplier<T> work) {
        if (!underWay.add(prefix)) {
            throw new AssertionError("two calls at once of " + prefix);
        }
        mostAtOnce = Math.max(mostAtOnce, underWay.size());
        return call(work, () -> underWay.remove(prefix));
    }

    /** Carries out the call that waits longest; returns whether there was one. */
    boolean answerOne() {
        if (frozen || calls.isEmpty()) {
            return false;
        }
        calls.poll().carryOut();
        return true;
    }

    /** Tells what happened first; returns whether there was anything. */
    boolean tellOne() {
        if (frozen || news.isEmpty()) {
            return false;
        }
        news.poll().run();
        return true;
    }

    /** The deadlines of calls pass. */
    void passDeadlines() {
        List<Call<?>> late = new ArrayList<>(calls);
        calls.clear();
        late.forEach(call -> call.fail(Kind.LATE, "no answer in time"));
    }

    int waiting() {
        return calls.size();
    }

    /** As kill -9 does. */
    void kill() {
        reachable = false;
        table.clear();
        learned.clear();
        peers.clear();
        identity = EMPTY;
        news.clear();
        loseWatches("connection reset");
        List<Call<?>> broken = new ArrayList<>(calls);
        calls.clear();
        broken.forEach(call -> call.fail(Kind.UNREACHABLE, "connection reset"));
    }

    /** With a configuration file of its own. */
    void restart() {
        reachable = true;
        identity = STARTED;
    }

    void loseWatches(String why) {
        List<FakeWatch> lost = List.copyOf(watches);
        watches.clear();
        lost.forEach(watch -> watch.listener.onLost(new DaemonException(Kind.UNREACHABLE, why)));
    }

    /** Another client does it. */
    void put(IpPrefix prefix, PathAttributes attributes) {
        RibPath path = new RibPath(prefix, attributes, true, true);
        table.put(prefix, path);
        tell(listener -> listener.onPath(path));
    }

    /** Another client does it. */
    void remove(IpPrefix prefix) {
        if (table.remove(prefix) != null) {
            Optional<RibPath> next = learned.stream()
                    .filter(path -> path.prefix().equals(prefix))
                    .findFirst();
            tell(listener -> next.ifPresentOrElse(listener::onPath, () -> listener.onWithdrawn(prefix, true)));
        }
    }

    void wipe() {
        List.copyOf(table.keySet()).forEach(this::remove);
    }

    void session(String address, PeerView.State state) {
        PeerView before = peers.get(address);
        PeerView now = new PeerView(address, before.description(), before.asn(), state, Duration.ZERO, "");
        peers.put(address, now);
        tell(listener -> listener.onPeer(new PeerView(address, "", before.asn(), state, Duration.ZERO, "")));
    }

    private interface Telling {
        void to(DaemonListener listener);
    }

    private void tell(Telling telling) {
        if (tells) {
            List<FakeWatch> told = List.copyOf(watches);
            news.add(() -> told.stream().filter(watches::contains).forEach(watch -> telling.to(watch.listener)));
        }
    }

    @Override
    public CompletableFuture<DaemonIdentity> identity() {
        return call(() -> identity);
    }

    @Override
    public CompletableFuture<Void> start(GlobalConfig global) {
        return call(() -> {
            if (identity.isStarted()) {
                throw new AssertionError("a daemon that runs was started");
            }
            log.add("start " + global.asn());
            identity = new DaemonIdentity(global.asn(), global.routerId().toString());
            return null;
        });
    }

    @Override
    public CompletableFuture<List<RibPath>> paths() {
        if (slow) {
            lists++;
            return CompletableFuture.failedFuture(new DaemonException(Kind.LATE, "a list is not over in time"));
        }
        return call(() -> {
            lists++;
            List<RibPath> all = new ArrayList<>(table.values());
            all.addAll(learned);
            return all;
        });
    }

    @Override
    public CompletableFuture<List<RibPath>> paths(Collection<IpPrefix> prefixes) {
        return call(() -> {
            partialLists++;
            return Stream.concat(table.values().stream(), learned.stream())
                    .filter(path -> prefixes.contains(path.prefix()))
                    .toList();
        });
    }

    @Override
    public CompletableFuture<Void> announce(IpPrefix prefix, PathAttributes attributes) {
        return path(prefix, () -> {
            refuse(prefix);
            log.add("announce " + prefix);
            put(prefix, attributes);
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> withdraw(IpPrefix prefix) {
        return path(prefix, () -> {
            refuse(prefix);
            log.add("withdraw " + prefix);
            remove(prefix);
            return null;
        });
    }

    private void refuse(IpPrefix prefix) {
        String why = refused.get(prefix);
        if (why != null) {
            log.add("refuse " + prefix);
            throw new Refusal(why);
        }
    }

    @Override
    public CompletableFuture<List<PeerView>> peers() {
        return call(() -> List.copyOf(peers.values()));
    }

    @Override
    public CompletableFuture<Set<IpPrefix>> sentTo(String peer, Collection<IpPrefix> prefixes) {
        return call(() -> {
            log.add("sent-to " + peer);
            Set<IpPrefix> sent = new HashSet<>(prefixes);
            sent.retainAll(table.keySet());
            return sent;
        });
    }

    @Override
    public CompletableFuture<Void> addPeer(PeerConfig peer, LargeCommunity owner) {
        return peer("add", peer, owner);
    }

    @Override
    public CompletableFuture<Void> updatePeer(PeerConfig peer, LargeCommunity owner) {
        return peer("update", peer, owner);
    }

    @Override
    public CompletableFuture<List<String>> differences(PeerConfig peer, LargeCommunity owner) {
        throw new AssertionError("the agent has it updated, and does not ask");
    }

    private CompletableFuture<Void> peer(String what, PeerConfig peer, LargeCommunity owner) {
        String address = peer.address().toString();
        return call(() -> {
            log.add(what + " " + address);
            if (refusedPeers.contains(address)) {
                throw new Refusal("no such neighbour");
            }
            String description = PeerView.description(owner, peer.name());
            PeerView view = new PeerView(address, description, peer.asn(), PeerView.State.IDLE, Duration.ZERO, "");
            peers.put(address, view);
            tell(listener ->
                    listener.onPeer(new PeerView(address, "", peer.asn(), PeerView.State.IDLE, Duration.ZERO, "")));
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> deletePeer(String address) {
        return call(() -> {
            log.add("delete " + address);
            peers.remove(address);
            return null;
        });
    }

    @Override
    public Watch watch(DaemonListener listener) {
        FakeWatch watch = new FakeWatch(listener);
        CompletableFuture<Void> begun = call(() -> {
            watches.add(watch);
            listener.onWatching();
            return null;
        });
        CompletableFuture<Void> unused = begun.exceptionally(failure -> {
            listener.onLost((DaemonException) failure);
            return null;
        });
        return watch;
    }

    int watches() {
        return watches.size();
    }

    @Override
    public void close() {
        kill();
    }
}
