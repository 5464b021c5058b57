package io.penstock.forwarder.operate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A running forwarder at one moment.
 *
 * @param tableVersion of the forwarding table in force
 * @param connections of TCP open now
 * @param sessions of UDP
 * @param lastReload that was tried; at first the start
 * @param reloads applied so far, the start not among them
 * @param refusedReloads so far
 * @param differences between what runs and the file, made by operations; a line each
 * @param drains under way or ended since the start, the latest of each target
 */
public record ForwarderStatus(
        String state,
        Instant startedAt,
        Duration uptime,
        String file,
        int workers,
        long tableVersion,
        long connections,
        SessionStatus sessions,
        ReloadResult lastReload,
        long reloads,
        long refusedReloads,
        List<String> differences,
        List<ServiceStatus> services,
        List<PoolStatus> pools,
        List<DrainStatus> drains) {

    /**
     * Sessions of all services.
     *
     * @param limit that they share; beyond it the oldest that nobody has answered yields
     */
    public record SessionStatus(long open, long limit) {}

    /**
     * One service.
     *
     * @param protocol {@code tcp} or {@code udp}
     * @param listen addresses as written in the file
     * @param connections open now, also of one that was of TCP before a reload
     * @param sessions likewise
     * @param accepted clients that were taken since the start
     * @param traffic since the start
     */
    public record ServiceStatus(
            String name,
            String protocol,
            List<String> listen,
            String pool,
            boolean enabled,
            long connections,
            long sessions,
            long accepted,
            ServiceTraffic traffic) {}

    /**
     * One pool and its members.
     *
     * @param queued connections that wait for room
     * @param traffic since the pool is known
     */
    public record PoolStatus(
            String name, String policy, int queued, List<BackendStatus> backends, PoolTraffic traffic) {}

    /**
     * One member of a pool.
     *
     * @param address with its port, as connected to
     * @param state such as up, down, draining
     * @param reason of the last change of state; empty before the first
     * @param since the last change of state
     * @param portsLeft of each source, where they are counted: not of a UNIX socket, and not where the client says the
     *     source or the port
     * @param origin {@code file} or {@code operator}
     * @param difference from the file, if any
     * @param traffic since the backend is known
     */
    public record BackendStatus(
            String id,
            String address,
            String state,
            String reason,
            Instant since,
            int weight,
            int open,
            int pending,
            List<PortsLeft> portsLeft,
            String origin,
            Optional<String> difference,
            MemberTraffic traffic) {}

    /**
     * What there is for further connections from one of this host's addresses to one backend.
     *
     * @param source an address, or {@link #KERNELS_CHOICE}
     * @param left ports that no connection of the pool uses; others may, so that it is at most so many
     */
    public record PortsLeft(String source, int left) {
        public static final String KERNELS_CHOICE = "kernel's choice";
    }
}
