/**
 * Counters as enum constants, latencies and buckets: written by data threads without locks or waiting, read by any
 * thread without stopping the writer. May depend on nothing else in the house.
 */
package io.penstock.metrics;
