package io.penstock.forwarder.flowlog;

/** What a line may say, in its order; docs/flow-log.md says what each means. */
enum FlowField {
    TIME("time"),
    OPENED("opened"),
    ID("id"),
    PROTOCOL("protocol"),
    SERVICE("service"),
    CLIENT_ADDRESS("clientAddress"),
    CLIENT_PORT("clientPort"),
    PROXY_ADDRESS("proxyAddress"),
    PROXY_PORT("proxyPort"),
    LISTEN_ADDRESS("listenAddress"),
    LISTEN_PORT("listenPort"),
    POOL("pool"),
    BACKEND("backend"),
    BACKEND_ADDRESS("backendAddress"),
    BACKEND_PORT("backendPort"),
    REASON("reason"),
    FAILURE("failure"),
    ATTEMPTS("attempts"),
    BYTES_TO_BACKEND("bytesToBackend"),
    BYTES_TO_CLIENT("bytesToClient"),
    BYTES_SPLICED("bytesSpliced"),
    DATAGRAMS_TO_BACKEND("datagramsToBackend"),
    DATAGRAMS_TO_CLIENT("datagramsToClient"),
    QUEUE_MS("queueMs"),
    CONNECT_MS("connectMs"),
    FIRST_BYTE_MS("firstByteMs"),
    DURATION_MS("durationMs");

    private final String key;

    FlowField(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }
}
