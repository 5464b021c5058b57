package io.penstock.ecmp.control;

import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.RouteConfig;
import io.penstock.net.IpPrefix;
import io.penstock.netlink.KernelEvent;
import io.penstock.netlink.NextHop;
import io.penstock.netlink.Route;
import io.penstock.netlink.Subscription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The kernel's own notifications. A router may have a million routes that come and go, and each lease that is refreshed is
 * told of: what cannot concern the agent is no reason to look, and what looked so by mistake is found by the next resync.
 */
public final class SubscribedNews implements KernelNews {
    private final Subscription subscription;
    private final int protocol;
    private final int firstNextHopId;
    private Set<IpPrefix> prefixes = Set.of();

    /**
     * Closes the subscription with itself.
     *
     * @param started whose protocol and ids are the agent's for its life
     */
    public SubscribedNews(Subscription subscription, EcmpConfig started) {
        this.subscription = subscription;
        protocol = started.protocol();
        firstNextHopId = started.nextHopIds();
        watch(started);
    }

    @Override
    public int fd() {
        return subscription.fd();
    }

    @Override
    public final void watch(EcmpConfig config) {
        prefixes = config.routes().values().stream().map(RouteConfig::prefix).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean take(AgentFigures figures) {
        boolean[] concerned = {false};
        try {
            subscription.drain(event -> {
                boolean lost = event instanceof KernelEvent.Lost;
                figures.count(lost ? AgentCounter.EVENTS_LOST : AgentCounter.EVENTS);
                concerned[0] |= lost || isNews(event);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return concerned[0];
    }

    boolean isNews(KernelEvent event) {
        if (event instanceof KernelEvent.AddressChanged changed) {
            // Ours: a refresh. Nobody else refreshes what carries our mark.
            return changed.address().protocol() != protocol;
        }
        if (event instanceof KernelEvent.RouteChanged changed) {
            return concerns(changed.route());
        }
        if (event instanceof KernelEvent.RouteRemoved removed) {
            return concerns(removed.route());
        }
        if (event instanceof KernelEvent.NextHopChanged changed) {
            return concerns(changed.nextHop());
        }
        if (event instanceof KernelEvent.NextHopRemoved removed) {
            return concerns(removed.nextHop());
        }
        return true;
    }

    private boolean concerns(Route route) {
        return route.protocol() == protocol || prefixes.contains(route.destination());
    }

    private boolean concerns(NextHop nextHop) {
        return nextHop.protocol() == protocol || nextHop.id() >= firstNextHopId;
    }

    @Override
    public void close() {
        subscription.close();
    }
}
