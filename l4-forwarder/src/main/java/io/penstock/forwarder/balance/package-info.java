/**
 * Which backend a hash gets: pure functions and immutable tables, primitives in and out, JDK only. Tables are built on
 * the control thread and looked up by every worker; nothing on the lookup side allocates, locks or logs.
 */
package io.penstock.forwarder.balance;
