/**
 * The agent's one thread: {@link io.penstock.ecmp.control.Controller} waits for events, verdicts, orders and deadlines, and
 * {@link io.penstock.ecmp.control.Roles} brings the kernel to what the roles want. It is the only one that touches them.
 */
package io.penstock.ecmp.control;
