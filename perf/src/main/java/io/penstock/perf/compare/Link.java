package io.penstock.perf.compare;

/**
 * The way from clients to the backend, on 127.0.0.1.
 *
 * @param port what the clients connect to: the proxy's, or without one the backend's
 */
record Link(int port, int backendPort) {}
