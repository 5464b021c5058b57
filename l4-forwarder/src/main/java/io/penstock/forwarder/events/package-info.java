/** What a forwarder's events are about. Never touched by a data thread. */
package io.penstock.forwarder.events;
