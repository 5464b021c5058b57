/**
 * What happened, in order: {@link io.penstock.bgp.event.Journal} takes it from the agent's threads, which wait for nobody, for those who
 * follow it, and writes it into the process's log on the thread {@code bgp-log}. May depend on {@code io.penstock.events}.
 */
package io.penstock.bgp.event;
