package io.penstock.ecmp.router;

import io.penstock.net.IpPrefix;
import io.penstock.netlink.Route;

/** What makes two routes the same one to the kernel: one of them would replace the other. */
record RouteKey(IpPrefix destination, int table, long metric) {
    /** IP6_RT_PRIO_USER of linux/ipv6_route.h: what IPv6 makes of a metric of 0. */
    private static final long IPV6_DEFAULT_METRIC = 1024;

    static RouteKey of(IpPrefix destination, int table, long metric) {
        return new RouteKey(destination, table, metric == 0 && !destination.isIpv4() ? IPV6_DEFAULT_METRIC : metric);
    }

    static RouteKey of(Route route) {
        return of(route.destination(), route.table(), route.metric());
    }

    /** Written out, as there may be many. */
    @Override
    public int hashCode() {
        long address = destination.first().high() ^ destination.first().low();
        return Long.hashCode(address * 31 + destination.bits()) * 31 + Long.hashCode(metric + table);
    }

    @Override
    public String toString() {
        return destination + " with metric " + metric + " in table " + table;
    }
}
