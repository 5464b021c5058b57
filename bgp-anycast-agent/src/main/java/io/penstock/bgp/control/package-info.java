/**
 * The agent's one thread: {@link io.penstock.bgp.control.Controller} waits for conditions, for what the daemon tells, for orders and
 * deadlines, and has the daemon announce what is wanted. It is the only one that touches what is here; whoever else has something to say
 * leaves it in its queue. May depend on config, policy, rib, route, gobgp, operate and event.
 */
package io.penstock.bgp.control;
