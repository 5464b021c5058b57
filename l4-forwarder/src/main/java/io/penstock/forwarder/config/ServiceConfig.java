package io.penstock.forwarder.config;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What clients connect to.
 *
 * @param protocol no two services of one protocol share an address and port
 * @param listen at least one
 * @param freebind whether this host may not have the addresses yet
 * @param pool the name of a pool in the same file
 * @param splits clients that other pools serve; the first that fits counts
 * @param connectAttempts backends tried for one connection before the client is reset, 1 to 8
 * @param tcp of no meaning for UDP
 * @param admission who may come in, and how fast
 * @param proxyInput empty when clients speak for themselves
 * @param udp of no meaning for TCP
 * @param dsr how packets go to the backends, each as it came; empty when connections end here, in {@code mode: proxy}
 */
public record ServiceConfig(
        String name,
        Protocol protocol,
        List<ListenConfig> listen,
        boolean freebind,
        String pool,
        List<SplitConfig> splits,
        Timeouts timeouts,
        int connectAttempts,
        Tcp tcp,
        AdmissionConfig admission,
        Optional<ProxyInputConfig> proxyInput,
        UdpConfig udp,
        Optional<DsrConfig> dsr) {
    public static final int DEFAULT_CONNECT_ATTEMPTS = 3;
    public static final int MAX_CONNECT_ATTEMPTS = 8;

    /** Of TCP. */
    public ServiceConfig(
            String name,
            List<ListenConfig> listen,
            String pool,
            List<SplitConfig> splits,
            Timeouts timeouts,
            int connectAttempts,
            Tcp tcp,
            AdmissionConfig admission,
            Optional<ProxyInputConfig> proxyInput) {
        this(
                name,
                Protocol.TCP,
                listen,
                false,
                pool,
                splits,
                timeouts,
                connectAttempts,
                tcp,
                admission,
                proxyInput,
                UdpConfig.DEFAULT,
                Optional.empty());
    }

    /** Whether packets are forwarded, and not connections. */
    public boolean isDsr() {
        return dsr.isPresent();
    }

    public boolean isUdp() {
        return protocol == Protocol.UDP;
    }

    /** Every pool that may serve a client of it. */
    public Set<String> pools() {
        Set<String> pools = new LinkedHashSet<>(Set.of(pool));
        splits.forEach(split -> pools.add(split.pool()));
        return pools;
    }

    /** Of the listeners: the interface through which clients come; empty for any. */
    public Optional<String> listenInterface() {
        return isUdp() ? udp.interfaceName() : tcp.listener().interfaceName();
    }

    /** Of the listeners: whether the addresses may be other hosts'. */
    public boolean isListenTransparent() {
        return isUdp() ? udp.transparent() : tcp.listener().transparent();
    }

    /**
     * How long the phases of a connection may take; each at least 1 ms.
     *
     * @param connect per attempt, from SYN to established
     * @param idle without a byte in either direction while both are open; of UDP, without a datagram
     * @param fin without a byte once one direction has ended, and for what is left to flush before a reset
     * @param firstByte from the accept to the client's first byte; empty for as long as it is not idle
     * @param lifetime empty when a connection may last for ever
     */
    public record Timeouts(
            Duration connect, Duration idle, Duration fin, Optional<Duration> firstByte, Optional<Lifetime> lifetime) {
        public static final Duration DEFAULT_CONNECT = Duration.ofSeconds(2);
        public static final Duration DEFAULT_IDLE = Duration.ofHours(1);

        /** A session has no end but silence; long enough for keepalives of every half minute, as Envoy has it. */
        public static final Duration DEFAULT_UDP_IDLE = Duration.ofMinutes(1);

        public static final Duration DEFAULT_FIN = Duration.ofSeconds(30);

        public Timeouts(Duration connect, Duration idle, Duration fin) {
            this(connect, idle, fin, Optional.empty(), Optional.empty());
        }
    }

    /**
     * How long a connection may be open, whatever it does.
     *
     * @param jitterPercent of that: each connection ends earlier by its own part of it, 0 to 100
     */
    public record Lifetime(Duration time, int jitterPercent) {
        public static final int DEFAULT_JITTER_PERCENT = 10;
    }

    /**
     * Socket options; those of the listeners alone are for their clients, the others for both sides. See ip(7), socket(7)
     * and tcp(7).
     *
     * @param deferAccept of the listener only; empty to accept each client as it connects
     * @param keepalive empty when {@code keepalive: none}
     * @param userTimeout empty for the kernel's own limit, many retransmissions
     * @param listener of the listeners only
     */
    public record Tcp(
            Optional<Duration> deferAccept,
            Optional<Keepalive> keepalive,
            Optional<Duration> userTimeout,
            ListenOptions listener) {
        /** Listeners have no more options. */
        public Tcp(Optional<Duration> deferAccept, Optional<Keepalive> keepalive, Optional<Duration> userTimeout) {
            this(deferAccept, keepalive, userTimeout, ListenOptions.DEFAULT);
        }
    }

    /**
     * Options of a service's listeners.
     *
     * @param fastOpen clients in their handshake whose SYN brought data; 0 to take no such data
     * @param backlog clients that wait to be accepted
     * @param interfaceName through which clients come; empty for any
     * @param transparent whether the addresses may be other hosts'
     */
    public record ListenOptions(int fastOpen, int backlog, Optional<String> interfaceName, boolean transparent) {
        public static final int MAX_FAST_OPEN = 65_535;

        /** The kernel lowers it to net.core.somaxconn. */
        public static final int MAX_BACKLOG = 65_535;

        public static final ListenOptions DEFAULT = new ListenOptions(0, MAX_BACKLOG, Optional.empty(), false);
    }

    /**
     * Probes of a silent peer. With the defaults one that vanished is found within four minutes; Linux alone would begin
     * after two hours, later than any idle timeout in use.
     *
     * @param idle silence before the first probe
     * @param interval between probes
     * @param probes without an answer, 1 to 127
     */
    public record Keepalive(Duration idle, Duration interval, int probes) {
        public static final Duration DEFAULT_IDLE = Duration.ofMinutes(2);
        public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
        public static final int DEFAULT_PROBES = 4;
        public static final int MAX_PROBES = 127;
    }
}
