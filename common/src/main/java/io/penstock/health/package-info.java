/**
 * Which servers answer: probes, the rise and fall of each target, and the schedule with its jitter. One event loop
 * thread of Netty's epoll transport does all of it but for programs, whose waiting is done on threads of its own;
 * listeners are called on that thread. May depend on {@code io.penstock.net}.
 */
package io.penstock.health;
