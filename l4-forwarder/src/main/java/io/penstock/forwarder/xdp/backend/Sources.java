package io.penstock.forwarder.xdp.backend;

import io.penstock.net.IpPrefix;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who may send by ipip: nobody has said, everybody, or these networks.
 *
 * @param any whether everybody may
 * @param nets of both families; none with {@code any}
 */
public record Sources(boolean any, List<IpPrefix> nets) {
    public static final Sources UNSAID = new Sources(false, List.of());
    public static final Sources ANY = new Sources(true, List.of());

    public Sources {
        nets = List.copyOf(nets);
        if (any && !nets.isEmpty()) {
            throw new IllegalArgumentException("everybody, and networks beside: " + nets);
        }
    }

    public static Sources of(List<IpPrefix> nets) {
        return new Sources(false, nets);
    }

    boolean isSaid() {
        return any || !nets.isEmpty();
    }

    /** Whoever may send by one of them. One that says nothing opens nothing. */
    static Sources together(List<Sources> all) {
        return all.stream().anyMatch(Sources::any)
                ? ANY
                : of(all.stream().flatMap(one -> one.nets.stream()).distinct().toList());
    }

    /** As users write it; {@code any} also when nobody has said, which lets everybody send. */
    @Override
    public String toString() {
        return nets.isEmpty()
                ? "any"
                : nets.stream().map(IpPrefix::toString).sorted().collect(Collectors.joining(","));
    }
}
