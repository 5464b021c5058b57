/**
 * What happened to a running process: {@link io.penstock.events.EventLog}, to which those who decide append, and which those
 * who are asked read; {@link io.penstock.events.EventJournal} also writes it into the process's log, on a thread of its own, and knows how
 * things stand. May depend on nothing.
 */
package io.penstock.events;
