package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.net.IpAddress;
import io.penstock.net.UnixAddress;

/**
 * One address that connections are forwarded to.
 *
 * @param pool whose it is; empty where that is of no interest
 * @param id stable over reloads and the same on every forwarder
 * @param address of a UNIX socket {@link IpAddress#ANY_IPV6}
 * @param port 0 to use the port the client connected to, and of a UNIX socket
 * @param weight from 1 up, in the units of its pool: what stands in a table takes new connections
 * @param load the same object in every table that holds this backend
 * @param serial by which sources are remembered to belong to it: its own within the pool, the same in every table; 0 to
 *     {@link SourceAffinity#MAX_SERIAL}, or {@link #NO_SERIAL} where no sources are bound
 * @param unix null for TCP
 * @param ports that connections to it come from; the same object in every table
 */
public record Backend(
        String pool,
        String id,
        IpAddress address,
        int port,
        int weight,
        BackendLoad load,
        int serial,
        UnixAddress unix,
        SourcePorts ports) {
    public static final int NO_SERIAL = -1;

    /**
     * By what other processes know it too.
     *
     * @param port 0 for the port that the client came to
     */
    public record Key(String pool, String id, IpAddress address, int port) {}

    /** In a pool without a name that binds no sources, connected to from where the kernel chooses. */
    public Backend(String id, IpAddress address, int port, int weight, BackendLoad load) {
        this("", id, address, port, weight, load, NO_SERIAL);
    }

    /** Connected to from where the kernel chooses. */
    public Backend(String pool, String id, IpAddress address, int port, int weight, BackendLoad load, int serial) {
        this(pool, id, address, port, weight, load, serial, SourcePorts.ofKernel());
    }

    /** At an address. */
    public Backend(
            String pool,
            String id,
            IpAddress address,
            int port,
            int weight,
            BackendLoad load,
            int serial,
            SourcePorts ports) {
        this(pool, id, address, port, weight, load, serial, null, ports);
    }

    /** The same with these. */
    public Backend with(int otherWeight, SourcePorts otherPorts) {
        return new Backend(pool, id, address, port, otherWeight, load, serial, unix, otherPorts);
    }

    public Key key() {
        return new Key(pool, id, address, port);
    }

    public boolean isUnix() {
        return unix != null;
    }

    /** Whether this host is meant, where a connect can end at itself. */
    public boolean isLoopback() {
        return address.isLoopback();
    }

    public int port(int clientsPort) {
        return port == 0 ? clientsPort : port;
    }

    /**
     * How many ports are left for connections to it, at most; where it is reached at clients' ports, it is so many for each.
     *
     * A UNIX socket takes none of them.
     *
     * @param source the index of one of {@link #ports}, or 0 when the kernel chooses
     * @param range how many ports the kernel gives out
     */
    public int portsLeft(int source, int range) {
        if (isUnix()) {
            return range;
        }
        return ports.count() == 0 ? Math.max(0, range - load.open()) : ports.left(source, range);
    }
}
