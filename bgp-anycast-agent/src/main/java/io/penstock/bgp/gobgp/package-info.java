/**
 * A BGP daemon as the agent sees it: {@link io.penstock.bgp.gobgp.BgpDaemon} and the values that it speaks in, whatever API is behind it.
 * Of no thread. May depend on routes and configuration records.
 */
package io.penstock.bgp.gobgp;
