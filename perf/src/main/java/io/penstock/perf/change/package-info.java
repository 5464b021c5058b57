/**
 * {@code perf/change}: a forwarder that is changed, replaced, drained and attacked while clients are at work, seen only from
 * outside; where HAProxy can do the same, it is beside it.
 *
 * <p>Each {@link io.penstock.perf.change.Scenario} makes a {@link io.penstock.perf.change.Stage} of clients and backends
 * around a balancer of {@code balancers}, lets the activities of {@code clients} run on it, and puts what they counted into
 * {@link io.penstock.perf.change.Findings}. It depends on the forwarder as a command line user does.
 */
package io.penstock.perf.change;
