package io.penstock.forwarder.table;

/**
 * What clients connect to, as the workers need it.
 *
 * @param connectAttempts backends tried for one connection, at least 1
 * @param connectTimeoutNs for each attempt
 * @param idleTimeoutNs without a byte while both directions are open
 * @param finTimeoutNs without a byte once one direction has ended
 * @param tcp of the sockets on both sides
 */
public record Service(
        String name,
        BackendPool pool,
        int connectAttempts,
        long connectTimeoutNs,
        long idleTimeoutNs,
        long finTimeoutNs,
        TcpOptions tcp) {}
