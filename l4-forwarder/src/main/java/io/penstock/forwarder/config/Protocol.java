package io.penstock.forwarder.config;

/** What a service speaks with its clients and its backends. */
public enum Protocol {
    TCP,
    UDP
}
