/**
 * When a VIP is announced, and as what: {@link io.penstock.bgp.policy.Announcement} decides from conditions, orders and the time that it is
 * given. Pure, of no thread of its own; may depend on the configuration's records of VIPs.
 */
package io.penstock.bgp.policy;
