/**
 * The commands of the packet data plane: they look at what it has pinned, or prepare the host of a backend. Each runs in a process of its
 * own and asks no forwarder; the layouts of the maps and the pins are all it shares with one, maybe of another version. May use
 * {@code bpf}, {@code xdp}, {@code table}, and of common {@code cli}, {@code net}, {@code linux}.
 */
package io.penstock.forwarder.client.xdp;
