package io.penstock.vrrp.control;

import static io.penstock.linux.EpollConstants.EPOLLIN;

import io.penstock.linux.Epoll;
import io.penstock.linux.Errno;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.wire.Packet;
import io.penstock.vrrp.wire.Wire;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The sockets of all interfaces that a router is on: one for each family, however many routers. Of the agent's thread. */
final class Listeners implements AutoCloseable {
    /** Those below are the controller's own. */
    static final long FIRST_TOKEN = 16;

    /** Until one that could not be opened is tried again. */
    static final long RETRY_NS = 1_000_000_000;

    private final Wire wire;
    private final Epoll epoll;
    private final Packet packet = new Packet();
    private final Map<Key, Listener> listeners = new LinkedHashMap<>();

    /** A token is given once, so that what is told of a socket that was closed meanwhile finds nobody. */
    private final Map<Long, Listener> byToken = new HashMap<>();

    private long nextToken = FIRST_TOKEN;
    private long retryAtNs = Long.MAX_VALUE;

    private record Key(String interfaceName, boolean ipv4) {}

    Listeners(Wire wire, Epoll epoll) {
        this.wire = wire;
        this.epoll = epoll;
    }

    Listener of(RouterConfig router) {
        return listeners.computeIfAbsent(
                new Key(router.interfaceName(), router.isIpv4()), key -> new Listener(key.interfaceName(), key.ipv4()));
    }

    /** Closes all others. */
    void retain(Set<Listener> used) {
        Iterator<Listener> all = listeners.values().iterator();
        while (all.hasNext()) {
            Listener one = all.next();
            if (!used.contains(one)) {
                one.close();
                byToken.values().remove(one);
                all.remove();
            }
        }
    }

    /** Closes and opens sockets as interfaces go and come. */
    void adjust(Interfaces interfaces, long nowNs) {
        retryAtNs = Long.MAX_VALUE;
        for (Listener one : listeners.values()) {
            if (one.adjust(interfaces, wire)) {
                register(one);
            }
            if (one.problem().isPresent()) {
                retryAtNs = nowNs + RETRY_NS;
            }
        }
    }

    private void register(Listener one) {
        byToken.values().remove(one);
        byToken.put(nextToken, one);
        int result = epoll.add(one.socket().orElseThrow().fd(), EPOLLIN, nextToken);
        nextToken++;
        if (result < 0) {
            throw new IllegalStateException("epoll_ctl: " + Errno.describe(-result));
        }
    }

    /** When to {@link #adjust} although nothing was told; Long.MAX_VALUE for never. */
    long retryAtNs() {
        return retryAtNs;
    }

    /** The one that epoll told of. */
    void drain(long token, Listener.Receiver receiver) {
        Listener one = byToken.get(token);
        if (one != null) {
            one.drain(packet, receiver);
        }
    }

    void drainAll(Listener.Receiver receiver) {
        for (Listener one : listeners.values()) {
            one.drain(packet, receiver);
        }
    }

    @Override
    public void close() {
        listeners.values().forEach(Listener::close);
        listeners.clear();
    }
}
