/**
 * Counters as enum constants: written by one thread without fences that cost, read by any thread without stopping the
 * writer. May depend on nothing else in the house.
 */
package io.penstock.metrics;
