package io.penstock.forwarder.table;

import io.penstock.net.Endpoint;

/**
 * One socket that every worker opens.
 *
 * @param serviceIndex of the service in the forwarding table
 * @param dualStack whether an IPv6 wildcard takes IPv4 clients too
 */
public record ListenerSpec(int serviceIndex, Endpoint endpoint, boolean dualStack) {
    @Override
    public String toString() {
        return dualStack ? "*:" + endpoint.port() : endpoint.toString();
    }
}
