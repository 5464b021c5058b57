package io.penstock.forwarder.control;

import io.penstock.forwarder.operate.ConnectionFilter;
import io.penstock.forwarder.operate.ConnectionView;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.worker.ConnectionId;
import io.penstock.forwarder.worker.ConnectionList;
import io.penstock.forwarder.worker.ResetCause;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What operators ask of connections and sessions, and the end of those they name. Safe from any thread but a worker's; a call waits for
 * every worker to look through its connections, and fails with an exception when one does not answer in time.
 */
public final class ConnectionQueries {
    private static final long ANSWER_TIMEOUT_S = 30;

    private final WorkerConnections connections;

    public ConnectionQueries(List<WorkerProxy> workers) {
        connections = new WorkerConnections(workers);
    }

    private record Found(int worker, ConnectionList list, int index) {
        private long id() {
            return ConnectionId.of(worker, list.token(index));
        }

        private long openedNs() {
            return list.openedNs(index);
        }

        private ConnectionView view(long nowNs) {
            IpAddress client = new IpAddress(list.clientHigh(index), list.clientLow(index));
            Optional<Backend> backend = Optional.ofNullable(list.backend(index));
            return new ConnectionView(
                    id(),
                    list.transport(index).name().toLowerCase(Locale.ROOT),
                    list.service(index),
                    // Only clients of UNIX sockets have no address.
                    client.isAny() ? "unix" : new Endpoint(client, list.clientPort(index)).toString(),
                    backend.map(one -> one.pool() + "/" + one.id()),
                    list.state(index),
                    since(list.openedNs(index), nowNs),
                    since(list.activeNs(index), nowNs),
                    list.bytesToBackend(index),
                    list.bytesToClient(index));
        }

        /** A worker's clock is read once a turn, another thread's now may be before that. */
        private static Duration since(long thenNs, long nowNs) {
            return Duration.ofNanos(Math.max(0, nowNs - thenNs));
        }
    }

    /** Those that a filter has, the oldest first, at most so many. */
    public List<ConnectionView> connections(ConnectionFilter filter, int limit) {
        List<Found> found = find(filter);
        long nowNs = System.nanoTime();
        return found.stream()
                .sorted(Comparator.comparingLong(Found::openedNs))
                .limit(limit)
                .map(one -> one.view(nowNs))
                .toList();
    }

    /** Resets connections at once, on both sides, and closes sessions; how many there were. */
    public int kill(ConnectionFilter filter) {
        List<List<Long>> tokens = new ArrayList<>();
        for (Found one : find(filter)) {
            while (tokens.size() <= one.worker) {
                tokens.add(new ArrayList<>());
            }
            tokens.get(one.worker).add(one.list.token(one.index));
        }
        List<long[]> byWorker = tokens.stream()
                .map(own -> own.stream().mapToLong(Long::longValue).toArray())
                .toList();
        return answer(connections.reset(byWorker, ResetCause.KILL));
    }

    private List<Found> find(ConnectionFilter filter) {
        ConnectionMatch match = new ConnectionMatch(filter);
        List<ConnectionList> lists = answer(connections.find(match));
        return IntStream.range(0, lists.size())
                .boxed()
                .flatMap(worker -> IntStream.range(0, lists.get(worker).size())
                        .mapToObj(i -> new Found(worker, lists.get(worker), i)))
                .filter(one -> match.fits(one.id()))
                .toList();
    }

    private static <T> T answer(CompletableFuture<T> future) {
        return future.orTimeout(ANSWER_TIMEOUT_S, TimeUnit.SECONDS).join();
    }
}
