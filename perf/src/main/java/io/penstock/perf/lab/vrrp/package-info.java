/**
 * {@code scripts/lab vrrp demo}: the agent and keepalived by turns on the same two hosts, which lose their VIP again and again. When
 * advertisements, announcements and answers came is read off one capture with the kernel's time stamps, at the client.
 */
package io.penstock.perf.lab.vrrp;
