/**
 * The clients and backends of {@code perf/change}: one thread and one epoll of {@code perf.load}, on which {@link
 * io.penstock.perf.change.clients.ClientLoop} turns any number of activities at once. What they count is read by calls
 * that run on that thread, so nothing in here is locked.
 */
package io.penstock.perf.change.clients;
