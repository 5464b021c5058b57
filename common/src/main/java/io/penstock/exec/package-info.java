/**
 * Programs of this host, run once and waited for: {@link io.penstock.exec.Program}. A call waits, so it is of a thread that may.
 * May depend on {@code io.penstock.linux}.
 */
package io.penstock.exec;
