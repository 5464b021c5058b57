package io.penstock.perf.udp;

import java.util.Locale;

/** How clients send. All of it is a closed loop. */
enum Shape {
    BULK(
            Service.SINGLE,
            "8 flows, each with 32 datagrams in flight, sent 16 at a time",
            "--lanes 8 --window 32 --burst 16 --flows 8"),
    BULK_GSO(
            Service.GROUPED,
            "the same; clients and backend have the kernel cut and put together (UDP_SEGMENT, UDP_GRO)",
            "--grouping --lanes 8 --window 32 --burst 16 --flows 8"),
    QUERY(Service.SINGLE, "1,000 flows, one datagram each, 128 of them at once", "--lanes 128 --flows 1000"),
    SESSION(
            Service.ANSWERED,
            "each datagram from a new source, 128 at once; a session ends with its answer",
            "--lanes 128 --flows " + Flows.MAX);

    /** What a proxy has a listener of its own for. */
    enum Service {
        /** To the backend that takes datagrams one by one. */
        SINGLE(false),
        /** To the backend that takes them together. */
        GROUPED(true),
        /** As {@link #SINGLE}, with one reply for each datagram. */
        ANSWERED(false);

        private final boolean grouped;

        Service(boolean grouped) {
            this.grouped = grouped;
        }

        boolean isGrouped() {
            return grouped;
        }
    }

    private final Service service;
    private final String description;
    private final String load;

    Shape(Service service, String description, String load) {
        this.service = service;
        this.description = description;
        this.load = load;
    }

    Service service() {
        return service;
    }

    String description() {
        return description;
    }

    /** The options of a {@link LoadOrder} that it is made of. */
    String load() {
        return load;
    }

    /** Such as {@code bulk-gso}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
