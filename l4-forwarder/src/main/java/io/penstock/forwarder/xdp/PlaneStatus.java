package io.penstock.forwarder.xdp;

import io.penstock.forwarder.table.Encapsulation;
import io.penstock.net.IpAddress;
import java.util.List;
import java.util.Locale;

/**
 * The data plane of packets as its thread left it at the end of its last turn. A value.
 *
 * @param version of the table that is in the maps; 0 before the first
 * @param rings that are in the map of rings, with those that are not used any more
 * @param leaseUntilNs of {@link System#nanoTime}
 * @param troubles why packets are not forwarded as the table says
 */
public record PlaneStatus(
        String name,
        long version,
        int rings,
        long leaseUntilNs,
        List<Interface> interfaces,
        List<Service> services,
        List<Backend> backends,
        List<String> troubles) {
    /**
     * An interface that is configured.
     *
     * @param mode {@code native}, {@code generic}, or {@code none}
     */
    public record Interface(String name, String mode) {
        static final String NO_MODE = "none";

        public boolean isAttached() {
            return !mode.equals(NO_MODE);
        }
    }

    /**
     * A service in the maps.
     *
     * @param ring its number; -1 when it has none
     * @param windowEndNs of {@link System#nanoTime}, until which the ring before counts; 0 when there is none
     * @param held whether it is as a process before this one left it, until checks have results
     */
    public record Service(
            int index,
            String name,
            Encapsulation encapsulation,
            List<String> vips,
            int ring,
            long windowEndNs,
            boolean held) {}

    /**
     * A backend in the maps.
     *
     * @param state in lower case: up, draining, down
     * @param link the number of the interface that its packets leave by, or 0
     * @param nextHop an Ethernet address; empty while it is not known
     */
    public record Backend(
            int id,
            String service,
            String pool,
            String name,
            IpAddress address,
            Encapsulation encapsulation,
            String state,
            int link,
            String nextHop) {
        static Backend of(int id, RealKey key, Real real) {
            return new Backend(
                    id,
                    key.service(),
                    key.pool(),
                    key.backend(),
                    real.address(),
                    real.encapsulation(),
                    real.state().name().toLowerCase(Locale.ROOT),
                    real.path().link(),
                    real.path().isComplete() ? real.path().nextHop().toString() : "");
        }
    }

    /** At a time of {@link System#nanoTime}: negative when it is over, 0 when there is none. */
    public long leaseLeftNs(long nowNs) {
        return leaseUntilNs == 0 ? 0 : leaseUntilNs - nowNs;
    }

    public PlaneStatus {
        interfaces = List.copyOf(interfaces);
        services = List.copyOf(services);
        backends = List.copyOf(backends);
        troubles = List.copyOf(troubles);
    }
}
