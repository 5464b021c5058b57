package io.penstock.forwarder.operate;

/**
 * A backend to be added.
 *
 * @param address as in the file: an address or name with a port
 * @param weight 0 to 1000
 */
public record NewBackend(String id, String address, int weight) {}
