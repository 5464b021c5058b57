/** The agent's thread: waits for the network, the kernel, tracks, orders and deadlines, and has virtual routers act on them. */
package io.penstock.vrrp.control;
