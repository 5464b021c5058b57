/**
 * The scenario in simulated time: a discrete-event simulation with seeded random numbers around the forwarder's own
 * policies. One thread; two runs are alike.
 */
package io.penstock.perf.policies.sim;
