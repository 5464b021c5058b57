package io.penstock.bgp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.DurationText;
import io.penstock.config.KeyRules;
import java.time.Duration;
import java.util.Optional;

/** Reads the times of a neighbour; each is of whole seconds, in which BGP counts. */
record PeerTimers(Duration holdTime, Duration keepalive, Duration connectRetry, Optional<Duration> gracefulRestart) {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** RFC 4271 section 4.2. It has 0 for never, too, which GoBGP takes for its own default. */
    private static final Duration MIN_HOLD_TIME = Duration.ofSeconds(3);

    private static final Duration MAX_HOLD_TIME = Duration.ofSeconds(65_535);
    private static final Duration MAX_KEEPALIVE = Duration.ofSeconds(65_534);

    /** GoBGP waits so long whatever it is told. */
    private static final Duration MIN_CONNECT_RETRY = Duration.ofSeconds(5);

    private static final Duration MAX_CONNECT_RETRY = Duration.ofHours(1);

    /** 12 bits of RFC 4724 section 3. */
    private static final Duration MAX_RESTART = Duration.ofSeconds(4_095);

    private static final int KEEPALIVES = 3;

    static PeerTimers read(ConfigSection peer, boolean passive) {
        Duration holdTime = peer.duration("hold-time", PeerConfig.DEFAULT_HOLD_TIME, MIN_HOLD_TIME, MAX_HOLD_TIME);
        Duration third = Duration.ofSeconds(holdTime.toSeconds() / KEEPALIVES);
        Duration keepalive = peer.duration("keepalive", third, SECOND, MAX_KEEPALIVE);
        if (peer.isSound("hold-time", "keepalive") && keepalive.compareTo(holdTime) >= 0) {
            peer.problem("keepalive", "must be shorter than hold-time (" + DurationText.format(holdTime) + ")");
        }
        Duration connectRetry =
                peer.duration("connect-retry", PeerConfig.DEFAULT_CONNECT_RETRY, MIN_CONNECT_RETRY, MAX_CONNECT_RETRY);
        if (passive) {
            KeyRules.onlyFor("neighbours that are called", peer, "connect-retry");
        }
        Optional<Duration> restart = OffOr.duration(peer, "graceful-restart", Optional.empty(), SECOND, MAX_RESTART);
        wholeSeconds(peer, "hold-time", holdTime);
        wholeSeconds(peer, "keepalive", keepalive);
        wholeSeconds(peer, "connect-retry", connectRetry);
        restart.ifPresent(time -> wholeSeconds(peer, "graceful-restart", time));
        return new PeerTimers(holdTime, keepalive, connectRetry, restart);
    }

    private static void wholeSeconds(ConfigSection peer, String key, Duration time) {
        if (peer.isSound(key) && time.toNanosPart() != 0) {
            peer.problem(key, "must be whole seconds, in which BGP counts");
        }
    }
}
