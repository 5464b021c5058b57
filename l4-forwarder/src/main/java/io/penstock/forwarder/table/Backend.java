package io.penstock.forwarder.table;

import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.net.IpAddress;

/**
 * One address that connections are forwarded to.
 *
 * @param pool whose it is; empty where that is of no interest
 * @param id stable over reloads and the same on every forwarder
 * @param port 0 to use the port the client connected to
 * @param weight from 1 up, in the units of its pool: what stands in a table takes new connections
 * @param load the same object in every table that holds this backend
 * @param serial by which sources are remembered to belong to it: its own within the pool, the same in every table; 0 to
 *     {@link SourceAffinity#MAX_SERIAL}, or {@link #NO_SERIAL} where no sources are bound
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
        SourcePorts ports) {
    public static final int NO_SERIAL = -1;

    /** In a pool without a name that binds no sources, connected to from where the kernel chooses. */
    public Backend(String id, IpAddress address, int port, int weight, BackendLoad load) {
        this("", id, address, port, weight, load, NO_SERIAL);
    }

    /** Connected to from where the kernel chooses. */
    public Backend(String pool, String id, IpAddress address, int port, int weight, BackendLoad load, int serial) {
        this(pool, id, address, port, weight, load, serial, SourcePorts.ofKernel());
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
     * @param source the index of one of {@link #ports}, or 0 when the kernel chooses
     * @param range how many ports the kernel gives out
     */
    public int portsLeft(int source, int range) {
        return ports.count() == 0 ? Math.max(0, range - load.open()) : ports.left(source, range);
    }
}
