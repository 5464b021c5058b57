/**
 * {@code perf/udp}: what thousands of UDP sessions cost a forwarder, what a flood does to them, and what is lost when a
 * backend goes; seen only from outside. Each {@link io.penstock.perf.sessions.Scenario} lets clients, all of them in one
 * {@link io.penstock.perf.sessions.ClientLoop}, ask through a forwarder, and puts what they saw and what the forwarder counted
 * into {@link io.penstock.perf.change.Findings}.
 */
package io.penstock.perf.sessions;
