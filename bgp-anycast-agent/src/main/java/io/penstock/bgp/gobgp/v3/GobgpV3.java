package io.penstock.bgp.gobgp.v3;

import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.config.GlobalConfig;
import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.gobgp.DaemonListener;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.gobgp.v3.api.AddPathRequest;
import io.penstock.bgp.gobgp.v3.api.AddPeerRequest;
import io.penstock.bgp.gobgp.v3.api.DeletePathRequest;
import io.penstock.bgp.gobgp.v3.api.DeletePeerRequest;
import io.penstock.bgp.gobgp.v3.api.Family;
import io.penstock.bgp.gobgp.v3.api.GetBgpRequest;
import io.penstock.bgp.gobgp.v3.api.Global;
import io.penstock.bgp.gobgp.v3.api.GobgpApiGrpc;
import io.penstock.bgp.gobgp.v3.api.ListPathRequest;
import io.penstock.bgp.gobgp.v3.api.ListPathResponse;
import io.penstock.bgp.gobgp.v3.api.ListPeerRequest;
import io.penstock.bgp.gobgp.v3.api.ListPeerResponse;
import io.penstock.bgp.gobgp.v3.api.Peer;
import io.penstock.bgp.gobgp.v3.api.StartBgpRequest;
import io.penstock.bgp.gobgp.v3.api.TableLookupPrefix;
import io.penstock.bgp.gobgp.v3.api.TableType;
import io.penstock.bgp.gobgp.v3.api.UpdatePeerRequest;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/** A gobgpd 3.x by its gRPC API. */
public final class GobgpV3 implements BgpDaemon {
    private final Connection connection;
    private final Calls calls;

    private GobgpV3(Connection connection, Calls calls) {
        this.connection = connection;
        this.calls = calls;
    }

    /** Starts a thread; connects with the first call, and anew with the first after a connection was lost. */
    public static GobgpV3 open(DaemonConfig config) {
        Connection connection = new Connection(config);
        return new GobgpV3(connection, new Calls(connection, config));
    }

    /** For each path that a neighbour sent: there may be a million, and nobody asks what they say. */
    private static final RibPath LEARNED =
            new RibPath(IpPrefix.parse("::/0").orElseThrow(), PathAttributes.NONE, false, false);

    @Override
    public CompletableFuture<DaemonIdentity> identity() {
        return calls.one(GobgpApiGrpc.getGetBgpMethod(), GetBgpRequest.getDefaultInstance(), answer -> {
            Global global = answer.getGlobal();
            return new DaemonIdentity(Integer.toUnsignedLong(global.getAsn()), global.getRouterId());
        });
    }

    @Override
    public CompletableFuture<Void> start(GlobalConfig global) {
        StartBgpRequest request = StartBgpRequest.newBuilder()
                .setGlobal(Global.newBuilder()
                        .setAsn((int) global.asn())
                        .setRouterId(global.routerId().toString())
                        .setListenPort(global.listenPort())
                        .addAllListenAddresses(global.listenAddresses().stream()
                                .map(IpAddress::toString)
                                .toList()))
                .build();
        // Asked once more: to start one that runs would take all paths of all clients from it, and tell neighbours
        // nothing.
        return Calls.plain(identity()
                .thenCompose(identity -> identity.isStarted()
                        ? CompletableFuture.failedFuture(new DaemonException(
                                DaemonException.Kind.REFUSED, "gobgpd is started already, as AS " + identity.asn()))
                        : calls.done(GobgpApiGrpc.getStartBgpMethod(), request)));
    }

    @Override
    public CompletableFuture<List<RibPath>> paths() {
        Duration atMost = calls.timeout().multipliedBy(LIST_DEADLINES);
        return both(
                list(request(PathCodec.IPV4, Stream.of()), atMost),
                list(request(PathCodec.IPV6, Stream.of()), atMost),
                ArrayList::new);
    }

    @Override
    public CompletableFuture<List<RibPath>> paths(Collection<IpPrefix> prefixes) {
        return both(
                listAt(request(PathCodec.IPV4, prefixes.stream().filter(IpPrefix::isIpv4))),
                listAt(request(PathCodec.IPV6, prefixes.stream().filter(prefix -> !prefix.isIpv4()))),
                ArrayList::new);
    }

    /** @param prefixes none for all */
    private static ListPathRequest request(Family family, Stream<IpPrefix> prefixes) {
        ListPathRequest.Builder request =
                ListPathRequest.newBuilder().setTableType(TableType.GLOBAL).setFamily(family);
        prefixes.forEach(
                prefix -> request.addPrefixes(TableLookupPrefix.newBuilder().setPrefix(prefix.toString())));
        return request.build();
    }

    private CompletableFuture<List<RibPath>> listAt(ListPathRequest request) {
        return request.getPrefixesCount() == 0
                ? CompletableFuture.completedFuture(List.of())
                : list(request, calls.timeout());
    }

    private CompletableFuture<List<RibPath>> list(ListPathRequest request, Duration atMost) {
        // A daemon may have a full table of its neighbours', and the guard's heap is small.
        return calls.each(GobgpApiGrpc.getListPathMethod(), request, atMost, GobgpV3::pathsOf);
    }

    static Stream<RibPath> pathsOf(ListPathResponse answer) {
        return answer.getDestination().getPathsList().stream()
                .flatMap(path -> PathCodec.isLocal(path) ? PathCodec.decode(path).stream() : Stream.of(LEARNED));
    }

    @Override
    public CompletableFuture<Void> announce(IpPrefix prefix, PathAttributes attributes) {
        AddPathRequest request = AddPathRequest.newBuilder()
                .setTableType(TableType.GLOBAL)
                .setPath(PathCodec.encode(prefix, attributes))
                .build();
        return calls.done(GobgpApiGrpc.getAddPathMethod(), request);
    }

    @Override
    public CompletableFuture<Void> withdraw(IpPrefix prefix) {
        DeletePathRequest request = DeletePathRequest.newBuilder()
                .setTableType(TableType.GLOBAL)
                .setPath(PathCodec.withdrawal(prefix))
                .build();
        return calls.done(GobgpApiGrpc.getDeletePathMethod(), request);
    }

    @Override
    public CompletableFuture<List<PeerView>> peers() {
        return peers("", peers -> {
            Instant now = Instant.now();
            return peers.map(peer -> PeerReader.read(peer, now)).toList();
        });
    }

    private <R> CompletableFuture<R> peers(String address, Function<Stream<Peer>, R> view) {
        ListPeerRequest request =
                ListPeerRequest.newBuilder().setAddress(address).build();
        return calls.all(
                GobgpApiGrpc.getListPeerMethod(),
                request,
                answers -> view.apply(answers.stream().map(ListPeerResponse::getPeer)));
    }

    @Override
    public CompletableFuture<Set<IpPrefix>> sentTo(String peer, Collection<IpPrefix> prefixes) {
        return both(
                sentTo(peer, PathCodec.IPV4, prefixes.stream().filter(IpPrefix::isIpv4)),
                sentTo(peer, PathCodec.IPV6, prefixes.stream().filter(prefix -> !prefix.isIpv4())),
                HashSet::new);
    }

    private CompletableFuture<Set<IpPrefix>> sentTo(String peer, Family family, Stream<IpPrefix> prefixes) {
        ListPathRequest.Builder request = ListPathRequest.newBuilder()
                .setTableType(TableType.ADJ_OUT)
                .setName(peer)
                .setFamily(family);
        prefixes.forEach(
                prefix -> request.addPrefixes(TableLookupPrefix.newBuilder().setPrefix(prefix.toString())));
        if (request.getPrefixesCount() == 0) {
            // To ask for none is to ask for all.
            return CompletableFuture.completedFuture(Set.of());
        }
        return calls.all(GobgpApiGrpc.getListPathMethod(), request.build(), destinations -> {
            Set<IpPrefix> sent = new HashSet<>();
            for (ListPathResponse answer : destinations) {
                answer.getDestination().getPathsList().forEach(path -> PathCodec.prefix(path)
                        .ifPresent(sent::add));
            }
            return sent;
        });
    }

    @Override
    public CompletableFuture<Void> addPeer(PeerConfig peer, LargeCommunity owner) {
        AddPeerRequest request = AddPeerRequest.newBuilder()
                .setPeer(PeerWriter.write(peer, owner))
                .build();
        return calls.done(GobgpApiGrpc.getAddPeerMethod(), request);
    }

    @Override
    public CompletableFuture<Void> updatePeer(PeerConfig peer, LargeCommunity owner) {
        UpdatePeerRequest request = UpdatePeerRequest.newBuilder()
                .setPeer(PeerWriter.write(peer, owner))
                .build();
        return Calls.plain(known(peer)
                .thenCompose(present -> present.filter(there ->
                                        PeerDifferences.of(there, peer, owner).isEmpty())
                                .isPresent()
                        ? CompletableFuture.completedFuture(null)
                        : calls.done(GobgpApiGrpc.getUpdatePeerMethod(), request)));
    }

    @Override
    public CompletableFuture<List<String>> differences(PeerConfig peer, LargeCommunity owner) {
        return Calls.plain(known(peer).thenApply(present -> present.map(there -> PeerDifferences.of(there, peer, owner))
                .orElse(List.of())));
    }

    private CompletableFuture<Optional<Peer>> known(PeerConfig peer) {
        return peers(peer.address().toString(), Stream::findFirst);
    }

    @Override
    public CompletableFuture<Void> deletePeer(String address) {
        DeletePeerRequest request =
                DeletePeerRequest.newBuilder().setAddress(address).build();
        return calls.done(GobgpApiGrpc.getDeletePeerMethod(), request);
    }

    @Override
    public Watch watch(DaemonListener listener) {
        return EventWatch.begin(calls, listener);
    }

    private static <E, C extends Collection<E>> CompletableFuture<C> both(
            CompletableFuture<? extends C> ipv4, CompletableFuture<? extends C> ipv6, Function<C, C> copy) {
        return Calls.plain(ipv4.thenCombine(ipv6, (first, second) -> {
            C all = copy.apply(first);
            all.addAll(second);
            return all;
        }));
    }

    @Override
    public void close() {
        connection.close();
    }
}
