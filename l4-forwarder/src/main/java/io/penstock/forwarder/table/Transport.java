package io.penstock.forwarder.table;

/** What a listener's socket speaks. */
public enum Transport {
    TCP,
    UDP
}
