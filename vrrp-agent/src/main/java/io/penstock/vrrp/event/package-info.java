/**
 * What happened, in order: {@link io.penstock.vrrp.event.Journal} takes it from the agent's thread, which waits for nobody, and tells
 * those who follow it, the process's log, and commands that are run with it, each on a thread of its own.
 */
package io.penstock.vrrp.event;
