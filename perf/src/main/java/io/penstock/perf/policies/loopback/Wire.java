package io.penstock.perf.policies.loopback;

/** What travels: the work that a request asks for in nanoseconds, eight octets; the number of the backend, one octet. */
final class Wire {
    static final int REQUEST_BYTES = Long.BYTES;
    static final int RESPONSE_BYTES = 1;

    private Wire() {}
}
