package io.penstock.forwarder.config;

/**
 * Where a forwarder, backend or client is.
 *
 * @param region empty when zones alone are told apart
 * @param zone within the region; empty for anywhere in it
 */
public record Place(String region, String zone) {}
