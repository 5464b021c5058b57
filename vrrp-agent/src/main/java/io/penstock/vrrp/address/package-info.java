/** VIPs on interfaces, under leases, and the virtual interfaces that they are on. Of the agent's thread. */
package io.penstock.vrrp.address;
