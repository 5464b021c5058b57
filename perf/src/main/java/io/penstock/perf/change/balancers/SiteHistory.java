package io.penstock.perf.change.balancers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A site that changes in every step, in turns of four: a listener is added, weights change, a backend is added or removed,
 * a listener is removed. NOT thread safe.
 */
public final class SiteHistory {
    private static final int KINDS = 4;
    private static final int WEIGHTS = 3;
    private static final int BACKENDS_MIN = 3;

    private final int port;
    private final List<Integer> extraPorts;
    private final List<Integer> backendPorts;
    private final List<Site.Listener> extras = new ArrayList<>();
    private final boolean[] present;
    private int steps;
    private int weights;

    /**
     * Begins without extra listeners and with all backends.
     *
     * @param extraPorts of listeners that come and go, at least three, each used again and again
     * @param backendPorts at least four
     */
    public SiteHistory(int port, List<Integer> extraPorts, List<Integer> backendPorts) {
        this.port = port;
        this.extraPorts = List.copyOf(extraPorts);
        this.backendPorts = List.copyOf(backendPorts);
        present = new boolean[backendPorts.size()];
        Arrays.fill(present, true);
    }

    /** A site, and the listener that the one before it did not have. */
    public record Step(Site site, Optional<Site.Listener> added) {}

    /** As it is now. */
    public Site site() {
        List<Site.Server> servers = new ArrayList<>();
        for (int i = 0; i < present.length; i++) {
            if (present[i]) {
                servers.add(new Site.Server("backend-" + i, backendPorts.get(i), 1 + (i + weights) % WEIGHTS));
            }
        }
        return new Site(port, extras, servers);
    }

    /** Changes it. */
    public Step next() {
        Optional<Site.Listener> added = Optional.empty();
        int turn = steps / KINDS;
        switch (steps++ % KINDS) {
            case 0 -> {
                Site.Listener listener = new Site.Listener(extraPorts.get(turn % extraPorts.size()), turn % 2 == 1);
                extras.add(listener);
                added = Optional.of(listener);
            }
            case 1 -> weights++;
            case 2 -> toggle(turn % present.length);
            default -> removeListener();
        }
        return new Step(site(), added);
    }

    private void toggle(int backend) {
        int left = 0;
        for (boolean one : present) {
            left += one ? 1 : 0;
        }
        if (present[backend] && left == BACKENDS_MIN) {
            weights++;
        } else {
            present[backend] = !present[backend];
        }
    }

    /** The oldest, once there is another. */
    private void removeListener() {
        if (extras.size() > 1) {
            extras.remove(0);
        } else {
            weights++;
        }
    }
}
