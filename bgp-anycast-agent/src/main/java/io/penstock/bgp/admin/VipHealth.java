package io.penstock.bgp.admin;

import io.penstock.admin.agent.VipAnswer;
import io.penstock.bgp.operate.AgentStatus;
import io.penstock.bgp.operate.AgentStatus.Link;
import io.penstock.bgp.operate.VipStatus;
import io.penstock.bgp.policy.Stance.State;
import io.penstock.net.IpAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whether clients are led to this host for its VIPs now, in a forwarder's words and with their meaning: {@code served} and {@code
 * degraded} is only what the daemon has, {@code unknown} is to change nothing for whoever asks. What the agent said of itself long ago,
 * because its thread hangs, nobody knows to be so still.
 */
final class VipHealth {
    /** Three times as long as the agent's thread waits when there is nothing to do. */
    private static final Duration STALE = Duration.ofSeconds(30);

    private static final String UNKNOWN = "unknown";
    private static final String NOT_SERVED = "not-served";

    private final AgentStatus status;
    private final Duration age;

    /** @param nowNs on the agent's clock */
    VipHealth(AgentStatus status, long nowNs) {
        this.status = status;
        age = Duration.ofNanos(nowNs - status.atNs());
    }

    List<VipAnswer> ofAll() {
        return status.vips().stream().map(this::answer).toList();
    }

    /** Of several prefixes with the address the longest, as routers choose; the VIP whose address it is counts for more. */
    Optional<VipAnswer> of(IpAddress address) {
        return status.vips().stream()
                .filter(vip -> vip.config().prefix().contains(address.high(), address.low()))
                .max(Comparator.comparing(
                                (VipStatus vip) -> vip.config().address().equals(Optional.of(address)))
                        .thenComparingInt(vip -> vip.config().prefix().bits()))
                .map(this::answer);
    }

    private VipAnswer answer(VipStatus vip) {
        String address = vip.config().address().map(IpAddress::toString).orElseGet(() -> vip.config()
                .prefix()
                .toString());
        String name = vip.config().name();
        if (age.compareTo(STALE) >= 0) {
            String reason = "the agent's thread has shown nothing for " + age.toSeconds() + " s";
            return new VipAnswer(address, name, false, UNKNOWN, reason);
        }
        State state = vip.stance().state();
        boolean wanted = state == State.UP || state == State.DEGRADED;
        boolean linked = status.link() == Link.UP;
        if (wanted && !(linked && vip.announced().isPresent())) {
            return new VipAnswer(address, name, false, linked ? NOT_SERVED : UNKNOWN, whyMissing(vip));
        }
        return new VipAnswer(address, name, wanted, word(state), vip.stance().reason());
    }

    private static String word(State state) {
        return switch (state) {
            case PENDING -> UNKNOWN;
            case UP -> "served";
            case DEGRADED -> "degraded";
            case DRAINING -> "draining";
            case DOWN, HELD_DOWN, DRAINED, WITHDRAWN -> NOT_SERVED;
        };
    }

    private String whyMissing(VipStatus vip) {
        if (!vip.trouble().isEmpty()) {
            return vip.trouble();
        }
        return status.trouble().isEmpty() ? "the daemon does not have it yet" : status.trouble();
    }
}
