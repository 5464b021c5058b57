/**
 * Virtual routers on hosts and a network that exist in the mind only: the state machine of {@code protocol} under the events of a scenario, by
 * a clock of its own. Pure, on the thread of whoever runs it; depends on {@code protocol} and on reading configuration.
 */
package io.penstock.vrrp.simulate;
