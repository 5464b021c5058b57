/**
 * Pairs of VRRP speakers on one network, seen from outside only: what each sends, at its port of the switch, who answers for the
 * VIPs, and what a third host's neighbour cache says.
 */
package io.penstock.vrrp.it;
