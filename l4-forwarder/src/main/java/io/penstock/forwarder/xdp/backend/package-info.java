/**
 * Prepares the host of a backend for direct server return, and says what it lacks: the VIP on loopback, kernel settings, the program that
 * takes tunnels off, the vxlan device, segment sizes. Runs on a command's thread, in the network namespace of that thread, and leaves no
 * process behind. May use {@code bpf}, {@code table}, and {@code netlink}, {@code sysctl}, {@code exec} of common.
 */
package io.penstock.forwarder.xdp.backend;
