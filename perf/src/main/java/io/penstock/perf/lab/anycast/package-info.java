/**
 * {@code scripts/lab anycast demo}: two sites with one VIP; one forwarder after the other, and whole sites, drained, killed and cut off while
 * clients of both watch. May depend on the lab's clients.
 */
package io.penstock.perf.lab.anycast;
