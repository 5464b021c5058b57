/**
 * The data plane of packets: what of a {@link io.penstock.forwarder.table.PacketTable} becomes contents of the maps that the XDP program
 * reads. {@link io.penstock.forwarder.xdp.XdpPlane} owns the thread {@code fwd-xdp}, which alone writes maps, attaches the program and
 * follows next hops; what it is told by other threads it takes at its next turn. May use table, balance, bpf, events, and of common:
 * linux, netlink, net, events, metrics and process. Never config or control: who is configured, and who is healthy, is decided there.
 */
package io.penstock.forwarder.xdp;
