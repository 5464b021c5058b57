package io.penstock.forwarder.worker;

import io.penstock.forwarder.event.EventKind;
import io.penstock.forwarder.event.EventToken;
import io.penstock.forwarder.flow.ConnectionDetails;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.table.Transport;
import java.util.Arrays;

/**
 * Connections and sessions of one worker, each as it was when it was looked at: a column for each thing known. Filled by the worker,
 * then read by whoever asked. Times are those of {@link System#nanoTime}.
 */
public final class ConnectionList {
    private static final int FIRST_CAPACITY = 64;

    private int size;
    private long[] tokens = {};
    private String[] services = {};
    private Backend[] backends = {};
    private String[] states = {};
    private long[] clientHighs = {};
    private long[] clientLows = {};
    private char[] clientPorts = {};
    private long[] opened = {};
    private long[] active = {};
    private long[] toBackends = {};
    private long[] toClients = {};

    void add(ConnectionDetails details) {
        if (size == tokens.length) {
            grow(Math.max(FIRST_CAPACITY, 2 * size));
        }
        tokens[size] = details.token();
        services[size] = details.service();
        backends[size] = details.backend();
        states[size] = details.state();
        clientHighs[size] = details.clientHigh();
        clientLows[size] = details.clientLow();
        clientPorts[size] = (char) details.clientPort();
        opened[size] = details.openedNs();
        active[size] = details.activeNs();
        toBackends[size] = details.bytesToBackend();
        toClients[size] = details.bytesToClient();
        size++;
    }

    private void grow(int capacity) {
        tokens = Arrays.copyOf(tokens, capacity);
        services = Arrays.copyOf(services, capacity);
        backends = Arrays.copyOf(backends, capacity);
        states = Arrays.copyOf(states, capacity);
        clientHighs = Arrays.copyOf(clientHighs, capacity);
        clientLows = Arrays.copyOf(clientLows, capacity);
        clientPorts = Arrays.copyOf(clientPorts, capacity);
        opened = Arrays.copyOf(opened, capacity);
        active = Arrays.copyOf(active, capacity);
        toBackends = Arrays.copyOf(toBackends, capacity);
        toClients = Arrays.copyOf(toClients, capacity);
    }

    void removeLast() {
        size--;
    }

    public int size() {
        return size;
    }

    /** By which its worker finds it, and never another one. */
    public long token(int index) {
        return tokens[index];
    }

    public Transport transport(int index) {
        return EventKind.isUdp(EventToken.kind(tokens[index])) ? Transport.UDP : Transport.TCP;
    }

    public String service(int index) {
        return services[index];
    }

    /** Null while it has none. */
    public Backend backend(int index) {
        return backends[index];
    }

    /** A word, such as {@code relaying} or {@code one-way}. */
    public String state(int index) {
        return states[index];
    }

    /** With {@link #clientLow}, the halves of an IpAddress. */
    public long clientHigh(int index) {
        return clientHighs[index];
    }

    public long clientLow(int index) {
        return clientLows[index];
    }

    public int clientPort(int index) {
        return clientPorts[index];
    }

    public long openedNs(int index) {
        return opened[index];
    }

    /** When a byte or a datagram was moved, or a side ended, last. */
    public long activeNs(int index) {
        return active[index];
    }

    public long bytesToBackend(int index) {
        return toBackends[index];
    }

    public long bytesToClient(int index) {
        return toClients[index];
    }
}
