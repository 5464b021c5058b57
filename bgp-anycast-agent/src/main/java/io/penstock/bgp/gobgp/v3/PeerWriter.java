package io.penstock.bgp.gobgp.v3;

import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.gobgp.v3.api.AfiSafi;
import io.penstock.bgp.gobgp.v3.api.AfiSafiConfig;
import io.penstock.bgp.gobgp.v3.api.EbgpMultihop;
import io.penstock.bgp.gobgp.v3.api.GracefulRestart;
import io.penstock.bgp.gobgp.v3.api.MpGracefulRestart;
import io.penstock.bgp.gobgp.v3.api.MpGracefulRestartConfig;
import io.penstock.bgp.gobgp.v3.api.Peer;
import io.penstock.bgp.gobgp.v3.api.PeerConf;
import io.penstock.bgp.gobgp.v3.api.Timers;
import io.penstock.bgp.gobgp.v3.api.TimersConfig;
import io.penstock.bgp.gobgp.v3.api.Transport;
import io.penstock.bgp.gobgp.v3.api.TtlSecurity;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.net.IpAddress;
import java.util.List;
import java.util.stream.Stream;

/** Neighbours as messages. What is not wanted is said as well: a daemon tells of it, and the two are compared. */
final class PeerWriter {
    /** A packet has it when it leaves a neighbour that takes part in the check (RFC 5082 section 3); each router takes one off. */
    private static final int MAX_TTL = 255;

    private PeerWriter() {}

    static Peer write(PeerConfig peer, LargeCommunity owner) {
        return Peer.newBuilder()
                .setConf(PeerConf.newBuilder()
                        .setNeighborAddress(peer.address().toString())
                        .setPeerAsn((int) peer.asn())
                        .setDescription(PeerView.description(owner, peer.name()))
                        .setAuthPassword(
                                peer.password().map(PeerConfig.Password::text).orElse("")))
                .setTimers(Timers.newBuilder()
                        .setConfig(TimersConfig.newBuilder()
                                .setHoldTime(peer.holdTime().toSeconds())
                                .setKeepaliveInterval(peer.keepalive().toSeconds())
                                .setConnectRetry(peer.connectRetry().toSeconds())))
                .setTransport(Transport.newBuilder()
                        .setLocalAddress(
                                peer.localAddress().map(IpAddress::toString).orElse(""))
                        .setRemotePort(peer.port())
                        .setPassiveMode(peer.passive()))
                .setTtlSecurity(ttlSecurity(peer))
                .setEbgpMultihop(EbgpMultihop.newBuilder()
                        .setEnabled(peer.multihop().isPresent())
                        .setMultihopTtl(peer.multihop().orElse(0)))
                .setGracefulRestart(gracefulRestart(peer))
                .addAllAfiSafis(families(peer))
                .build();
    }

    private static TtlSecurity ttlSecurity(PeerConfig peer) {
        return peer.ttlSecurity().isEmpty()
                ? TtlSecurity.getDefaultInstance()
                : TtlSecurity.newBuilder()
                        .setEnabled(true)
                        .setTtlMin(MAX_TTL + 1 - peer.ttlSecurity().getAsInt())
                        .build();
    }

    private static GracefulRestart gracefulRestart(PeerConfig peer) {
        return peer.gracefulRestart()
                .map(time -> GracefulRestart.newBuilder()
                        .setEnabled(true)
                        .setRestartTime((int) time.toSeconds())
                        .build())
                .orElse(GracefulRestart.getDefaultInstance());
    }

    private static List<AfiSafi> families(PeerConfig peer) {
        MpGracefulRestart restart = MpGracefulRestart.newBuilder()
                .setConfig(MpGracefulRestartConfig.newBuilder()
                        .setEnabled(peer.gracefulRestart().isPresent()))
                .build();
        return Stream.of(PeerConfig.Family.IPV4, PeerConfig.Family.IPV6)
                .filter(peer.families()::contains)
                .map(family -> AfiSafi.newBuilder()
                        .setMpGracefulRestart(restart)
                        .setConfig(AfiSafiConfig.newBuilder()
                                .setFamily(family == PeerConfig.Family.IPV4 ? PathCodec.IPV4 : PathCodec.IPV6)
                                .setEnabled(true))
                        .build())
                .toList();
    }
}
