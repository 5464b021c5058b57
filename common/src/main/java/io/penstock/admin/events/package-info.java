/**
 * An event log over HTTP: {@link io.penstock.admin.events.EventRoutes} lists it, or streams it as it grows. May depend on
 * {@code io.penstock.admin} and {@code io.penstock.events}.
 */
package io.penstock.admin.events;
