/**
 * Which backend a connection gets: policies over what each backend carries. Primitives in and out, JDK only. Policies are
 * made on the control thread and asked by every worker; what they share are immutable tables, counters and the backends'
 * loads. Nothing on the asking side allocates, locks or logs.
 */
package io.penstock.forwarder.balance;
