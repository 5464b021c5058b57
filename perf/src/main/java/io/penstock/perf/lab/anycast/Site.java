package io.penstock.perf.lab.anycast;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import io.penstock.perf.lab.Clients;
import io.penstock.perf.lab.LabScript;
import io.penstock.perf.lab.Sources;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A site of the lab: its clients, on a host of their own, and its forwarders.
 *
 * @param letter which its hosts' names end with
 * @param forwarders the address on the backends' side, by host
 */
record Site(String letter, Clients clients, Map<String, String> forwarders) implements AutoCloseable {
    /** So many clients, each with an address. */
    static final int SOURCES = 2_000;

    static Site of(String letter, LabScript lab, Endpoint target, IpPrefix sources, Map<String, String> forwardersOfAll)
            throws IOException, InterruptedException {
        List<IpAddress> from = Sources.of(sources, SOURCES);
        Map<String, String> own = new LinkedHashMap<>(forwardersOfAll);
        own.keySet().removeIf(host -> !host.endsWith("-" + letter));
        return new Site(letter, Clients.on(lab.namespace("client-" + letter), target, from), own);
    }

    /** Of its first or second forwarder. */
    String host(int number) {
        return "f" + number + "-" + letter;
    }

    /** Of its forwarders, as backends see them. */
    Collection<String> addresses() {
        return forwarders.values();
    }

    String thing(String what) {
        return "site-" + letter + "." + what;
    }

    @Override
    public void close() {
        clients.close();
    }

    @Override
    public String toString() {
        return "site " + letter;
    }
}
