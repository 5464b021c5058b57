/**
 * What comes after a drain: the ecmp-agent that has the VIP's address is told to take it from the host, on the thread {@code bgp-handover}.
 * May depend on {@code control}'s listener of drains, {@code config}, {@code event} and the admin client.
 */
package io.penstock.bgp.handover;
