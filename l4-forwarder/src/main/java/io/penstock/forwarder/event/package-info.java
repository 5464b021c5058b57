/**
 * What one data thread waits on: its epoll, the tokens that say whose an event is, and its deadlines. Everything here
 * belongs to one thread, but for {@link io.penstock.linux.Wakeup#signal}. A hot package: it may depend on
 * {@code io.penstock.linux} only.
 */
package io.penstock.forwarder.event;
