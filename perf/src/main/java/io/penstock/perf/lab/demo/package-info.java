/**
 * {@code scripts/lab TOPOLOGY demo}: breaks what can break in a lab that is up, one thing after the other, under the eyes of clients, and
 * says what they saw. Runs in the namespace of the clients; breaks and heals through {@code scripts/lab} as a person would.
 */
package io.penstock.perf.lab.demo;
