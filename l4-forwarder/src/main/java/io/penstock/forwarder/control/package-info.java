/**
 * The control thread: configuration, names and health go in, forwarding tables come out. {@link
 * io.penstock.forwarder.control.Controller} owns all of it on {@code fwd-ctl}; workers are reached through their
 * proxies only.
 */
package io.penstock.forwarder.control;
