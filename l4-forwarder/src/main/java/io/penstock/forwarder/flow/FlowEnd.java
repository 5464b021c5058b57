package io.penstock.forwarder.flow;

import io.penstock.forwarder.table.Backend;
import io.penstock.net.Endpoint;

/**
 * What there is to tell of a connection, or session, that ends, filled in again for the next. Times are {@link
 * System#nanoTime}'s, addresses the halves of an IpAddress. NOT thread safe.
 */
public final class FlowEnd {
    /** Of a time that it did not come to. */
    public static final long NEVER = -1;

    private boolean udp;
    private long token;
    private String service;
    private Backend backend;
    private Enum<?> reason;
    private boolean failure;
    private long clientHigh;
    private long clientLow;
    private int clientPort;
    private long proxyHigh;
    private long proxyLow;
    private int proxyPort;
    private Endpoint listener;
    private long localHigh;
    private long localLow;
    private int localPort;
    private long openedNs;
    private long endedNs;
    private long queuedNs;
    private long connectNs;
    private long firstByteNs;
    private int attempts;
    private long bytesToBackend;
    private long bytesToClient;
    private long bytesSpliced;
    private long datagramsToBackend;
    private long datagramsToClient;

    // What its owner says of it.

    /** Which one it is; the token is that of {@link ConnectionDetails}. */
    public FlowEnd identify(boolean udp, long token, String service) {
        this.udp = udp;
        this.token = token;
        this.service = service;
        return this;
    }

    /** Why it ended. */
    public FlowEnd reason(Enum<?> reason, boolean failure) {
        this.reason = reason;
        this.failure = failure;
        return this;
    }

    /** By its socket or by what a proxy states; both halves 0 for who has no address. Nobody else speaks for it. */
    public FlowEnd client(long high, long low, int port) {
        clientHigh = high;
        clientLow = low;
        clientPort = port;
        return proxy(0, 0, 0);
    }

    /** Who stated the client, after {@link #client}; both halves 0 for who has no address, or when it spoke for itself. */
    public FlowEnd proxy(long high, long low, int port) {
        proxyHigh = high;
        proxyLow = low;
        proxyPort = port;
        return this;
    }

    /**
     * Where the client came to, at this host.
     *
     * @param high with {@code low} both 0 when it is not known, and of a UNIX socket
     */
    public FlowEnd local(Endpoint listener, long high, long low, int port) {
        this.listener = listener;
        localHigh = high;
        localLow = low;
        localPort = port;
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

    /** Of a connection; {@code spliced} are those of both directions that went through a pipe. */
    public FlowEnd bytes(long toBackend, long toClient, long spliced) {
        bytesToBackend = toBackend;
        bytesToClient = toClient;
        bytesSpliced = spliced;
        return this;
    }

    /** Of a session. */
    public FlowEnd datagrams(long toBackend, long toClient) {
        datagramsToBackend = toBackend;
        datagramsToClient = toClient;
        return this;
    }

    /** Lets go of what others would keep alive through it. */
    public void clear() {
        service = null;
        backend = null;
        reason = null;
        listener = null;
    }

    // What others see.

    public boolean isUdp() {
        return udp;
    }

    public long token() {
        return token;
    }

    public String service() {
        return service;
    }

    /** One of the protocol's reasons; its name is that of the counter behind {@code CLOSED_} or {@code ENDED_}. */
    public Enum<?> reason() {
        return reason;
    }

    /** Whether somebody did not get what he came for, and neither he nor an operator or a limit wanted it so. */
    public boolean isFailure() {
        return failure;
    }

    /** Whether it is known who the client is. */
    public boolean hasClient() {
        return (clientHigh | clientLow) != 0;
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

    public boolean hasProxy() {
        return (proxyHigh | proxyLow) != 0;
    }

    public long proxyHigh() {
        return proxyHigh;
    }

    public long proxyLow() {
        return proxyLow;
    }

    public int proxyPort() {
        return proxyPort;
    }

    public Endpoint listener() {
        return listener;
    }

    public boolean hasLocal() {
        return (localHigh | localLow) != 0;
    }

    public long localHigh() {
        return localHigh;
    }

    public long localLow() {
        return localLow;
    }

    public int localPort() {
        return localPort;
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

    public long datagramsToBackend() {
        return datagramsToBackend;
    }

    public long datagramsToClient() {
        return datagramsToClient;
    }
}
