/**
 * The agent over HTTP: routes, the status as JSON and as metrics, what happened as a stream. Asks by {@code operate} and reads what
 * {@code event} and the figures of {@code control} have; the only writes are orders. On threads of the admin server.
 */
package io.penstock.bgp.admin;
