package io.penstock.bgp.gobgp.v3;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonListener;
import io.penstock.bgp.gobgp.v3.api.GobgpApiGrpc;
import io.penstock.bgp.gobgp.v3.api.Path;
import io.penstock.bgp.gobgp.v3.api.WatchEventRequest;
import io.penstock.bgp.gobgp.v3.api.WatchEventRequest.Table.Filter;
import io.penstock.bgp.gobgp.v3.api.WatchEventResponse;
import io.penstock.bgp.gobgp.v3.api.WatchEventResponse.PeerEvent;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A daemon's events, from when it has taken the watch until it is closed or lost:
 *
 * <pre>
 * ASKED --END_OF_INIT--> TAKEN --close, failure--> OVER
 *   '------close, failure, no answer in time--------^
 * </pre>
 *
 * gobgpd answers nothing to the request as such. It registers the watch and queues END_OF_INIT in one turn of its own, so what follows that
 * is all that happened after.
 */
final class EventWatch implements BgpDaemon.Watch, Calls.Reception<WatchEventResponse> {
    /** Of the filters that there are only this one has paths of the API's clients. */
    private static final WatchEventRequest REQUEST = WatchEventRequest.newBuilder()
            .setPeer(WatchEventRequest.Peer.getDefaultInstance())
            .setTable(WatchEventRequest.Table.newBuilder()
                    .addFilters(Filter.newBuilder().setType(Filter.Type.BEST).setInit(false)))
            .build();

    private final DaemonListener listener;
    private final Calls calls;
    private final AtomicReference<State> state = new AtomicReference<>(State.ASKED);
    private volatile ClientCall<?, ?> call;

    private enum State {
        ASKED,
        TAKEN,
        OVER
    }

    private EventWatch(Calls calls, DaemonListener listener) {
        this.calls = calls;
        this.listener = listener;
    }

    static EventWatch begin(Calls calls, DaemonListener listener) {
        EventWatch watch = new EventWatch(calls, listener);
        watch.begin();
        return watch;
    }

    private void begin() {
        call = calls.begin(GobgpApiGrpc.getWatchEventMethod(), CallOptions.DEFAULT, REQUEST, this);
        calls.connection().runLater(this::checkTaken, calls.timeout());
    }

    private void checkTaken() {
        if (state.get() == State.ASKED) {
            onFailure(calls.failures().late());
        }
    }

    @Override
    public void onNext(WatchEventResponse event) {
        if (event.hasPeer()) {
            onPeer(event.getPeer());
        } else if (event.hasTable() && state.get() == State.TAKEN) {
            event.getTable().getPathsList().forEach(this::onPath);
        }
    }

    private void onPeer(PeerEvent event) {
        if (event.getType() == PeerEvent.Type.END_OF_INIT) {
            if (state.compareAndSet(State.ASKED, State.TAKEN)) {
                listener.onWatching();
            }
        } else if (event.getType() == PeerEvent.Type.STATE && state.get() == State.TAKEN) {
            listener.onPeer(PeerReader.read(event.getPeer(), Instant.now()));
        }
    }

    private void onPath(Path path) {
        if (path.getIsWithdraw()) {
            PathCodec.prefix(path).ifPresent(prefix -> listener.onWithdrawn(prefix, PathCodec.isLocal(path)));
        } else {
            PathCodec.decode(path).ifPresent(listener::onPath);
        }
    }

    @Override
    public void onCompleted() {
        onFailure(calls.failures().ended());
    }

    @Override
    public void onFailure(DaemonException failure) {
        if (state.getAndSet(State.OVER) != State.OVER) {
            cancel();
            listener.onLost(failure);
        }
    }

    private void cancel() {
        ClientCall<?, ?> begun = call;
        if (begun != null) {
            begun.cancel("no longer wanted", null);
        }
    }

    @Override
    public void close() {
        if (state.getAndSet(State.OVER) != State.OVER) {
            cancel();
        }
    }
}
