/** The host role: which VIPs this host has, decided from health, leases and what the kernel says; pure. */
package io.penstock.ecmp.host;
