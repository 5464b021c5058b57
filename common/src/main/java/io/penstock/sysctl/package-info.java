/**
 * Kernel settings that an agent holds while it runs, and puts back though it was killed in between. For the agent's thread: settings of
 * the network are those of the namespace of the thread that asks. Uses {@code netlink} only.
 */
package io.penstock.sysctl;
