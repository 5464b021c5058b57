package io.penstock.forwarder.flow;

import io.penstock.forwarder.table.Backend;

/**
 * What there is to tell of a connection, or session, that ends, filled in again for the next. Times are {@link
 * System#nanoTime}'s. NOT thread safe: the worker's own.
 */
public final class FlowEnd {
    /** Of a time that it did not come to. */
    public static final long NEVER = -1;

    private boolean udp;
    private long token;
    private int serviceIndex;
    private Backend backend;
    private Enum<?> reason;
    private long clientHigh;
    private long clientLow;
    private int clientPort;
    private long openedNs;
    private long endedNs;
    private long queuedNs;
    private long connectNs;
    private long firstByteNs;
    private int attempts;
    private long bytesToBackend;
    private long bytesToClient;
    private long bytesSpliced;

    // What its owner says of it.

    /** Which one it is, and why it ended; the token is that of {@link ConnectionDetails}. */
    public FlowEnd identify(boolean udp, long token, int serviceIndex, Enum<?> reason) {
        this.udp = udp;
        this.token = token;
        this.serviceIndex = serviceIndex;
        this.reason = reason;
        return this;
    }

    /** The halves are those of an IpAddress. */
    public FlowEnd client(long high, long low, int port) {
        clientHigh = high;
        clientLow = low;
        clientPort = port;
        return this;
    }

    public FlowEnd times(long openedNs, long endedNs) {
        this.openedNs = openedNs;
        this.endedNs = endedNs;
        return this;
    }

    /**
     * How it came to its backend, and how long each step took.
     *
     * @param backend the last one; null when it had none
     * @param attempts backends tried
     * @param queuedNs in the pool's queue, 0 when it did not wait
     * @param connectNs the connect that succeeded, or {@link #NEVER}; so of a session
     * @param firstByteNs from then, or from the client's first bytes if they were later, to the backend's, or {@link #NEVER}
     */
    public FlowEnd backend(Backend backend, int attempts, long queuedNs, long connectNs, long firstByteNs) {
        this.backend = backend;
        this.attempts = attempts;
        this.queuedNs = queuedNs;
        this.connectNs = connectNs;
        this.firstByteNs = firstByteNs;
        return this;
    }

    /** @param spliced of both directions */
    public FlowEnd bytes(long toBackend, long toClient, long spliced) {
        bytesToBackend = toBackend;
        bytesToClient = toClient;
        bytesSpliced = spliced;
        return this;
    }

    // What others see.

    public boolean isUdp() {
        return udp;
    }

    public long token() {
        return token;
    }

    public int serviceIndex() {
        return serviceIndex;
    }

    /** One of the protocol's reasons; its name is that of the counter behind {@code CLOSED_} or {@code ENDED_}. */
    public Enum<?> reason() {
        return reason;
    }

    public long clientHigh() {
        return clientHigh;
    }

    public long clientLow() {
        return clientLow;
    }

    public int clientPort() {
        return clientPort;
    }

    public long openedNs() {
        return openedNs;
    }

    public long endedNs() {
        return endedNs;
    }

    public Backend backend() {
        return backend;
    }

    public int attempts() {
        return attempts;
    }

    public long queuedNs() {
        return queuedNs;
    }

    public long connectNs() {
        return connectNs;
    }

    public long firstByteNs() {
        return firstByteNs;
    }

    public long bytesToBackend() {
        return bytesToBackend;
    }

    public long bytesToClient() {
        return bytesToClient;
    }

    public long bytesSpliced() {
        return bytesSpliced;
    }
}
