/**
 * The load generator of {@code perf/compare}: clients and their backend server in one process, on one thread and one
 * epoll, so that both fit on one core and only the proxy between them runs elsewhere. {@code LoadMain} speaks with the
 * rig over standard input and output; a {@code Workload} is one way of loading the target; {@code ClientConnection} and
 * {@code Backend} are the two ends of the traffic, which {@code Wire} describes. Nothing is allocated per event.
 */
package io.penstock.perf.load;
