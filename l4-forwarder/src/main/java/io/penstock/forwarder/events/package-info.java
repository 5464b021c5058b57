/**
 * What happened to a running forwarder: {@link io.penstock.forwarder.events.EventLog}, to which those who decide append, and
 * which those who are asked read. Never touched by a data thread.
 */
package io.penstock.forwarder.events;
