/**
 * The agent's admin API over {@code io.penstock.admin}: its status, its VIPs for those who announce them, orders, metrics.
 * On the admin server's threads; asks {@link io.penstock.ecmp.operate.Operations} only.
 */
package io.penstock.ecmp.admin;
