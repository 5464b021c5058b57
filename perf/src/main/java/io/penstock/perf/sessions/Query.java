package io.penstock.perf.sessions;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A datagram that a client sends and a backend sends back, in place. A flyweight. NOT thread safe. Octets:
 *
 * <pre>
 *   0  number within its stream      8  stream     12  client's flow     16  who answered, 0 in a question
 * </pre>
 */
final class Query {
    static final int BYTES = 32;

    private static final int NUMBER = 0;
    private static final int STREAM = 8;
    private static final int FLOW = 12;
    private static final int ANSWERED_BY = 16;

    private final UnsafeBuffer octets = new UnsafeBuffer(0, 0);

    /** Looks at what begins at {@code address}. */
    Query wrap(long address) {
        octets.wrap(address, BYTES);
        return this;
    }

    void write(int stream, int flow, long number) {
        octets.putLong(NUMBER, number);
        octets.putInt(STREAM, stream);
        octets.putInt(FLOW, flow);
        octets.putInt(ANSWERED_BY, 0);
    }

    /** By the backend of this number. */
    void answer(int backend) {
        octets.putInt(ANSWERED_BY, backend);
    }

    long number() {
        return octets.getLong(NUMBER);
    }

    int stream() {
        return octets.getInt(STREAM);
    }

    int flow() {
        return octets.getInt(FLOW);
    }

    int answeredBy() {
        return octets.getInt(ANSWERED_BY);
    }
}
