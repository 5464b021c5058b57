package io.penstock.bgp.gobgp.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import io.penstock.bgp.config.PeerConfig;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.gobgp.v3.api.Peer;
import io.penstock.bgp.gobgp.v3.api.PeerState;
import io.penstock.bgp.gobgp.v3.api.Timers;
import io.penstock.bgp.gobgp.v3.api.TimersState;
import io.penstock.bgp.route.LargeCommunity;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PeerCodecTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static final LargeCommunity OWNER = new LargeCommunity(65_001, 9, 1);

    private static final PeerConfig PLAIN = new PeerConfig(
            "router",
            Attributes.address("192.0.2.250"),
            65_002,
            Optional.empty(),
            Optional.empty(),
            PeerConfig.DEFAULT_PORT,
            false,
            OptionalInt.empty(),
            OptionalInt.empty(),
            Duration.ofSeconds(9),
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            EnumSet.of(PeerConfig.Family.IPV4),
            Optional.empty());

    private static final PeerConfig FULL = new PeerConfig(
            "far",
            Attributes.address("2001:db8::250"),
            4_200_000_002L,
            Optional.of(new PeerConfig.Password("secret")),
            Optional.of(Attributes.address("2001:db8::1")),
            1179,
            true,
            OptionalInt.of(254),
            OptionalInt.empty(),
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            EnumSet.allOf(PeerConfig.Family.class),
            Optional.of(Duration.ofSeconds(30)));

    @Test
    void shouldWriteEachSetting() {
        Peer message = PeerWriter.write(FULL, OWNER);

        assertEquals("2001:db8::250", message.getConf().getNeighborAddress());
        assertEquals(4_200_000_002L, Integer.toUnsignedLong(message.getConf().getPeerAsn()));
        assertEquals("penstock 65001:9:1 far", message.getConf().getDescription());
        assertEquals("secret", message.getConf().getAuthPassword());
        assertEquals("2001:db8::1", message.getTransport().getLocalAddress());
        assertEquals(1179, message.getTransport().getRemotePort());
        assertTrue(message.getTransport().getPassiveMode());
        assertTrue(message.getTtlSecurity().getEnabled());
        assertEquals(2, message.getTtlSecurity().getTtlMin());
        assertFalse(message.getEbgpMultihop().getEnabled());
        assertEquals(3, message.getTimers().getConfig().getHoldTime());
        assertEquals(1, message.getTimers().getConfig().getKeepaliveInterval());
        assertEquals(60, message.getTimers().getConfig().getConnectRetry());
        assertEquals(30, message.getGracefulRestart().getRestartTime());
        assertEquals(
                List.of(PathCodec.IPV4, PathCodec.IPV6),
                message.getAfiSafisList().stream()
                        .map(each -> each.getConfig().getFamily())
                        .toList());
        assertTrue(message.getAfiSafisList().stream()
                .allMatch(each -> each.getMpGracefulRestart().getConfig().getEnabled()));
    }

    @Test
    void shouldAcceptOnlyANeighboursOwnTtlWhenItIsOneHopAway() {
        PeerConfig next = new PeerConfig(
                PLAIN.name(),
                PLAIN.address(),
                PLAIN.asn(),
                PLAIN.password(),
                PLAIN.localAddress(),
                PLAIN.port(),
                PLAIN.passive(),
                OptionalInt.of(1),
                PLAIN.multihop(),
                PLAIN.holdTime(),
                PLAIN.keepalive(),
                PLAIN.connectRetry(),
                PLAIN.families(),
                PLAIN.gracefulRestart());

        assertEquals(255, PeerWriter.write(next, OWNER).getTtlSecurity().getTtlMin());
    }

    @Test
    void shouldKnowWhatItWroteWhenTheDaemonTellsMore() {
        for (PeerConfig peer : List.of(PLAIN, FULL)) {
            Peer.Builder told = PeerWriter.write(peer, OWNER).toBuilder()
                    .setState(PeerState.newBuilder().setSessionState(PeerState.SessionState.ESTABLISHED));
            told.getTimersBuilder().getStateBuilder().setUptime(Timestamp.getDefaultInstance());
            told.getConfBuilder().setUnknownFields(unknown(3));
            told.setUnknownFields(unknown(4));
            if (peer.localAddress().isEmpty()) {
                told.getTransportBuilder().setLocalAddress("192.0.2.1");
            }

            assertEquals(List.of(), PeerDifferences.of(told.build(), peer, OWNER));
        }
    }

    private static UnknownFieldSet unknown(int number) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        number,
                        UnknownFieldSet.Field.newBuilder().addVarint(65_001).build())
                .build();
    }

    @Test
    void shouldSeeEachSettingThatIsAnother() {
        Map<String, UnaryOperator<Peer.Builder>> changes = new LinkedHashMap<>();
        changes.put("asn", peer -> peer.setConf(peer.getConf().toBuilder().setPeerAsn(1)));
        changes.put(
                "description", peer -> peer.setConf(peer.getConf().toBuilder().setDescription("penstock:other")));
        changes.put(
                "password-file", peer -> peer.setConf(peer.getConf().toBuilder().setAuthPassword("other")));
        changes.put(
                "local-address",
                peer -> peer.setTransport(peer.getTransport().toBuilder().setLocalAddress("2001:db8::2")));
        changes.put(
                "port",
                peer -> peer.setTransport(peer.getTransport().toBuilder().setRemotePort(1)));
        changes.put(
                "passive",
                peer -> peer.setTransport(peer.getTransport().toBuilder().setPassiveMode(false)));
        changes.put("ttl-security", Peer.Builder::clearTtlSecurity);
        changes.put("graceful-restart", Peer.Builder::clearGracefulRestart);
        changes.put("families", peer -> peer.removeAfiSafis(1));
        changes.put(
                "multihop",
                peer -> peer.setEbgpMultihop(
                        peer.getEbgpMultihop().toBuilder().setEnabled(true).setMultihopTtl(4)));
        changes.put("hold-time, keepalive, connect-retry", Peer.Builder::clearTimers);
        changes.put(
                "settings without a key",
                peer -> peer.setConf(peer.getConf().toBuilder().clearNeighborAddress()));

        changes.forEach((keys, change) -> {
            Peer told = change.apply(PeerWriter.write(FULL, OWNER).toBuilder()).build();

            assertEquals(keys, String.join(", ", PeerDifferences.of(told, FULL, OWNER)));
        });
    }

    /** It would end the session of each neighbour when the agent is brought up to date. */
    @Test
    void shouldLeaveOneWithoutAMarkAsItIs() {
        Peer.Builder told = PeerWriter.write(FULL, OWNER).toBuilder();
        told.getConfBuilder().setDescription("penstock:far");
        assertEquals(List.of(), PeerDifferences.of(told.build(), FULL, OWNER));
        told.getTimersBuilder().getConfigBuilder().setHoldTime(77);
        assertEquals(List.of("hold-time"), PeerDifferences.of(told.build(), FULL, OWNER));
    }

    @Test
    void shouldReadANeighbour() {
        Peer.Builder told = PeerWriter.write(PLAIN, OWNER).toBuilder();
        told.getStateBuilder()
                .setNeighborAddress("192.0.2.250")
                .setPeerAsn(65_002)
                .setSessionState(PeerState.SessionState.ESTABLISHED);
        told.getTimersBuilder()
                .getStateBuilder()
                .setUptime(Timestamp.newBuilder().setSeconds(NOW.getEpochSecond() - 90));

        PeerView view = PeerReader.read(told.build(), NOW);

        assertEquals(
                new PeerView(
                        "192.0.2.250",
                        "penstock 65001:9:1 router",
                        65_002,
                        PeerView.State.ESTABLISHED,
                        Duration.ofSeconds(90),
                        ""),
                view);
        assertTrue(view.isOwn(OWNER, false));
        assertEquals("router", view.name());
    }

    @Test
    void shouldSayWhyANeighbourIsNotThere() {
        for (PeerState.AdminState state : List.of(PeerState.AdminState.DOWN, PeerState.AdminState.PFX_CT)) {
            Peer.Builder told = PeerWriter.write(PLAIN, OWNER).toBuilder();
            told.getStateBuilder().setAdminState(state);

            assertFalse(PeerReader.read(told.build(), NOW).why().isEmpty());
        }
    }

    @Test
    void shouldNeverFailWhateverADaemonSends() throws Exception {
        Random random = new Random(11);
        Peer.Builder told = PeerWriter.write(FULL, OWNER).toBuilder();
        told.getStateBuilder().setSessionState(PeerState.SessionState.ESTABLISHED);
        told.getTimersBuilder()
                .getStateBuilder()
                .setUptime(Timestamp.newBuilder().setSeconds(1));
        byte[] seed = told.build().toByteArray();
        int read = 0;
        for (int turn = 0; turn < 20_000; turn++) {
            byte[] octets = seed.clone();
            octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            Peer peer;
            try {
                peer = Peer.parseFrom(ByteString.copyFrom(octets));
            } catch (InvalidProtocolBufferException notOne) {
                continue;
            }
            PeerReader.read(peer, NOW);
            PeerDifferences.of(peer, FULL, OWNER);
            read++;
        }
        assertTrue(read > 5_000, "too few were neighbours at all");
        PeerReader.read(
                Peer.newBuilder()
                        .setState(PeerState.newBuilder().setSessionState(PeerState.SessionState.ESTABLISHED))
                        .setTimers(Timers.newBuilder()
                                .setState(TimersState.newBuilder()
                                        .setUptime(Timestamp.newBuilder()
                                                .setSeconds(Long.MIN_VALUE)
                                                .setNanos(Integer.MIN_VALUE))))
                        .build(),
                NOW);
    }
}
