/**
 * Which servers answer: probes, the rise and fall of each check, several checks as one verdict, the schedule with its
 * jitter, and agents that say what they want. From the top: {@link io.penstock.health.HealthMonitor} has a {@code
 * Repeater} for each check, which runs its {@code Prober} and hands the results to a {@code TargetHealth}. One event
 * loop thread of Netty's epoll transport does all of it but for programs, whose waiting is done on threads of its own;
 * listeners are called on that thread. May depend on {@code io.penstock.net} and {@code io.penstock.linux}.
 */
package io.penstock.health;
