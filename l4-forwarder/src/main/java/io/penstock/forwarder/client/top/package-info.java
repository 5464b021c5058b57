/**
 * The live view of a running forwarder: a thread asks, a thread reads keys, and the one that started it draws what changed.
 * Knows of a forwarder what its API says, and of the terminal what JLine does.
 */
package io.penstock.forwarder.client.top;
