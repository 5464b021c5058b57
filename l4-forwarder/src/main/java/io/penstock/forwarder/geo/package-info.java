/**
 * Where clients are: reads lists of prefixes and MaxMind databases once, at the start, into a map from addresses to zones.
 * Nothing here runs for a connection.
 */
package io.penstock.forwarder.geo;
