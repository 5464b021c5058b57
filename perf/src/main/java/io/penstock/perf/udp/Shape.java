package io.penstock.perf.udp;

import java.util.Locale;

/** How clients send. All of it is a closed loop. */
enum Shape {
    BULK(
            Service.SINGLE,
            "8 flows, each with 32 datagrams in flight, sent 16 at a time",
            "--lanes 8 --window 32 --burst 16 --flows 8",
            Goal.NOT_WORSE),
    BULK_GSO(
            Service.GROUPED,
            "the same; clients and backend have the kernel cut and put together (UDP_SEGMENT, UDP_GRO)",
            "--grouping --lanes 8 --window 32 --burst 16 --flows 8",
            Goal.TWICE),
    QUERY(
            Service.SINGLE,
            "1,000 flows, one datagram each, 128 of them at once",
            "--lanes 128 --flows 1000",
            Goal.NOT_WORSE),
    SESSION(
            Service.ANSWERED,
            "each datagram from a new source, 128 at once; a session ends with its answer",
            "--lanes 128 --flows " + Flows.MAX,
            Goal.ALIKE);

    /** What is promised of packets per CPU-second: ours over nginx's. Aimed at is {@link #TWICE} everywhere. */
    enum Goal {
        /** Where the kernel can be given many datagrams at once. */
        TWICE(2.0),
        /** Where it takes each by itself, which is nearly all of the time of either proxy. */
        NOT_WORSE(1.0),
        /** Where both make and end a socket for each: no worse than measurements differ. */
        ALIKE(0.9);

        private final double ratio;

        Goal(double ratio) {
            this.ratio = ratio;
        }

        double ratio() {
            return ratio;
        }
    }

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
    private final Goal goal;

    Shape(Service service, String description, String load, Goal goal) {
        this.service = service;
        this.description = description;
        this.load = load;
        this.goal = goal;
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

    Goal goal() {
        return goal;
    }

    /** Such as {@code bulk-gso}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
