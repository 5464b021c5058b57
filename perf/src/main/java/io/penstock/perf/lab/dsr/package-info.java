/**
 * {@code scripts/lab dsr demo}: what users run goes through two forwarders of packets in every encapsulation, and goes on while they are withdrawn,
 * killed, cut off, restarted and flooded. May depend on the lab's clients, and on the forwarder's reading of BPF maps.
 */
package io.penstock.perf.lab.dsr;
