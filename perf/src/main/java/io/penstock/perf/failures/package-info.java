/**
 * {@code perf/failures}: real failures of one of several backends, behind the forwarder and behind HAProxy at the same
 * settings.
 *
 * <p>A {@link io.penstock.perf.failures.Failure} is what happens to the victim; a {@link
 * io.penstock.perf.failures.Session} is one balancer, started afresh, that goes through all of them under the load of
 * {@link io.penstock.perf.failures.Clients}; each failure in it is a {@link io.penstock.perf.failures.Trial}, seen only
 * from outside: by what clients got and by what the balancer logged. {@link io.penstock.perf.failures.Comparison} puts
 * the two side by side. It depends on the forwarder as a command line user does.
 */
package io.penstock.perf.failures;
