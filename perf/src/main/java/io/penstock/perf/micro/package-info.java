/**
 * {@code perf/micro}: what single operations of the data plane cost, in time and in bytes allocated. Each benchmark calls
 * the class that the forwarder runs; {@link io.penstock.perf.micro.Micro} runs them with JMH and holds each to 0 B/op.
 */
package io.penstock.perf.micro;
