/**
 * What happened to a running process: {@link io.penstock.events.EventLog}, to which those who decide append, and which those
 * who are asked read. Of no thread. May depend on nothing.
 */
package io.penstock.events;
