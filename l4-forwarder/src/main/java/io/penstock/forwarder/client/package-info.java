/**
 * The commands that ask a running forwarder: each is a request to its admin API and a table, or the answer as it came
 * with {@code --json}. Runs in a process of its own; shares with the forwarder the address, the API and nothing else.
 */
package io.penstock.forwarder.client;
