package io.penstock.forwarder.tcp;

/** What a sink is sent before the first byte of its source. */
interface Preface {
    /** Writes it to the beginning of the worker's copy buffer; returns its length in octets. */
    int compose(TcpForwarder tcp);
}
