package io.penstock.forwarder.operate;

import io.penstock.net.IpAddress;
import java.util.List;

/**
 * Whether one service serves its clients.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param listen UNIX sockets too
 * @param pool of the clients that no split takes
 * @param enabled false when an operator has closed it
 * @param reason one line; empty when it is served as it should be
 * @param backendsUp of the pool, those that take new connections
 * @param panic whether the pool ignores health, as too few are healthy
 */
public record ServiceHealth(
        String name,
        String protocol,
        List<Listen> listen,
        String pool,
        boolean enabled,
        ServingState state,
        String reason,
        int backendsUp,
        int backends,
        boolean panic) {

    /**
     * One entry of what it listens on.
     *
     * @param text as in the file
     * @param address {@link IpAddress#ANY_IPV6} for a UNIX socket too
     * @param reach which addresses it stands for
     */
    public record Listen(String text, IpAddress address, Reach reach) {
        /** Whether clients that come to this address come to it. */
        public boolean covers(IpAddress vip) {
            return switch (reach) {
                case NOWHERE -> false;
                case EVERY_ADDRESS -> true;
                case ADDRESS -> address.equals(vip) || (address.isAny() && address.isIpv4() == vip.isIpv4());
            };
        }
    }

    /** Which addresses a listener stands for. */
    public enum Reach {
        /** One, or with an unspecified address all of its family. */
        ADDRESS,
        /** A dual-stack wildcard. */
        EVERY_ADDRESS,
        /** A UNIX socket. */
        NOWHERE
    }

    /** As it is when there is trouble of which it does not know yet; one that ends or is closed has told why it serves nobody. */
    public ServiceHealth notServed(String why) {
        return switch (state) {
            case DRAINING, NOT_SERVED -> this;
            case SERVED, DEGRADED, UNKNOWN ->
                new ServiceHealth(
                        name,
                        protocol,
                        listen,
                        pool,
                        enabled,
                        ServingState.NOT_SERVED,
                        why,
                        backendsUp,
                        backends,
                        panic);
        };
    }

    boolean covers(IpAddress vip) {
        return listen.stream().anyMatch(one -> one.covers(vip));
    }
}
