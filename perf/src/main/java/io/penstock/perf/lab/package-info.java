/**
 * Clients of the labs of {@code scripts/lab}: what they open, whom they are served by, and what breaks. Everything turns on
 * the one thread of a {@link io.penstock.perf.change.clients.ClientLoop}, and is asked by calls that run there.
 */
package io.penstock.perf.lab;
