package io.penstock.perf.demo;

/**
 * What one client saw of its connection.
 *
 * @param backend the name the backend gave; null when the connection failed before it was told
 * @param echoedBytes payload that came back, equal to what was sent
 * @param helloNs from the connect call to the backend's name; 0 when it never came
 * @param problem what went wrong, in words; null when all was well
 */
record FlowResult(
        int id, long startNs, long endNs, String backend, long echoedBytes, long helloNs, End end, String problem) {
    enum End {
        OK,
        /** Refused, reset, ended early or too slow. */
        FAILED,
        /** Bytes came back that were not sent. */
        CORRUPTED
    }
}
