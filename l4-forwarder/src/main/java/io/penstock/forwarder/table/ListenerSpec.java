package io.penstock.forwarder.table;

import io.penstock.net.BindOptions;
import io.penstock.net.Endpoint;

/**
 * One socket that every worker opens.
 *
 * @param serviceIndex of the service in the forwarding table
 * @param dualStack whether an IPv6 wildcard takes IPv4 clients too
 * @param options without which it would be another socket
 */
public record ListenerSpec(int serviceIndex, Endpoint endpoint, boolean dualStack, BindOptions options) {
    /** At an address of this host, through whichever interface. */
    public ListenerSpec(int serviceIndex, Endpoint endpoint, boolean dualStack) {
        this(serviceIndex, endpoint, dualStack, BindOptions.NONE);
    }

    @Override
    public String toString() {
        String address = dualStack ? "*:" + endpoint.port() : endpoint.toString();
        return options.device().equals(BindOptions.ANY_DEVICE) ? address : address + " at " + options.device();
    }
}
