/**
 * The flow log: a line for each connection and session that has ended. Workers hand what they tell of it to a queue of
 * their own, and never wait; one thread, {@code fwd-flows}, formats and writes. What there is no room for is dropped and
 * counted.
 */
package io.penstock.forwarder.flowlog;
