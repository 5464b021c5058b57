package io.penstock.bgp.gobgp.v3;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.gobgp.v3.api.AfiSafi;
import io.penstock.bgp.gobgp.v3.api.Peer;
import io.penstock.bgp.route.LargeCommunity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Holds what a daemon tells of a neighbour against what {@link PeerWriter} says of it. */
final class PeerDifferences {
    /** By the configuration's keys. */
    private static final Map<String, Function<Peer, Object>> SETTINGS = settings();

    private PeerDifferences() {}

    private static Map<String, Function<Peer, Object>> settings() {
        Map<String, Function<Peer, Object>> settings = new LinkedHashMap<>();
        settings.put("description", peer -> peer.getConf().getDescription());
        settings.put("asn", peer -> peer.getConf().getPeerAsn());
        settings.put("password-file", peer -> peer.getConf().getAuthPassword());
        settings.put("local-address", peer -> peer.getTransport().getLocalAddress());
        settings.put("port", peer -> peer.getTransport().getRemotePort());
        settings.put("passive", peer -> peer.getTransport().getPassiveMode());
        settings.put("ttl-security", Peer::getTtlSecurity);
        settings.put("multihop", Peer::getEbgpMultihop);
        settings.put("hold-time", peer -> peer.getTimers().getConfig().getHoldTime());
        settings.put("keepalive", peer -> peer.getTimers().getConfig().getKeepaliveInterval());
        settings.put("connect-retry", peer -> peer.getTimers().getConfig().getConnectRetry());
        settings.put(
                "families",
                peer -> peer.getAfiSafisList().stream().map(AfiSafi::getConfig).toList());
        settings.put("graceful-restart", PeerDifferences::gracefulRestart);
        return settings;
    }

    private static Object gracefulRestart(Peer peer) {
        boolean ofAny = peer.getAfiSafisList().stream()
                .anyMatch(family -> family.getMpGracefulRestart().getConfig().getEnabled());
        return List.of(peer.getGracefulRestart(), ofAny);
    }

    /** The keys of what is told otherwise, as far as anything is told of them; none when it is as it should be. */
    static List<String> of(Peer told, PeerConfig peer, LargeCommunity owner) {
        Peer wanted = PeerWriter.write(peer, owner);
        Peer known = comparable(told, peer, wanted);
        if (known.equals(wanted)) {
            return List.of();
        }
        List<String> keys = new ArrayList<>();
        SETTINGS.forEach((key, setting) -> {
            if (!setting.apply(known).equals(setting.apply(wanted))) {
                keys.add(key);
            }
        });
        return keys.isEmpty() ? List.of("settings without a key") : List.copyOf(keys);
    }

    private static Peer comparable(Peer told, PeerConfig peer, Peer wanted) {
        Peer.Builder known = known(told).toBuilder().clearState();
        known.getTimersBuilder().clearState();
        if (peer.localAddress().isEmpty()) {
            // Told is one that the daemon chose.
            known.getTransportBuilder().clearLocalAddress();
        }
        if (told.getConf().getDescription().equals(PeerView.UNMARKED + peer.name())) {
            // A mark is not worth the end of a session.
            known.getConfBuilder().setDescription(wanted.getConf().getDescription());
        }
        return known.build();
    }

    /** Without the fields that {@code gobgp.proto} leaves out. */
    private static Peer known(Peer peer) {
        try {
            return DiscardUnknownFieldsParser.wrap(Peer.parser()).parseFrom(peer.toByteString());
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
