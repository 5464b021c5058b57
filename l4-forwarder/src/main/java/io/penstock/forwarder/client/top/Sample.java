package io.penstock.forwarder.client.top;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a forwarder says of itself at one moment. A number below zero is one that it does not say.
 *
 * @param atNs when the answer came, by {@link System#nanoTime}
 * @param startedAt tells one process from the next, whose counters begin at 0
 * @param warnings what needs somebody's attention, the most urgent first
 * @param events the last ones, oldest first
 */
public record Sample(
        long atNs,
        String startedAt,
        String state,
        Duration uptime,
        long tableVersion,
        long connections,
        long sessions,
        long sessionLimit,
        List<Warning> warnings,
        List<Service> services,
        List<Backend> backends,
        List<Worker> workers,
        List<Event> events) {

    /** One line of what is not as it should be; {@code grave} when clients may notice. */
    record Warning(boolean grave, String text) {}

    /** One service. */
    record Service(
            String name,
            String protocol,
            String listen,
            String pool,
            boolean enabled,
            long open,
            Counters counters,
            Latency connect,
            Latency firstByte) {}

    /** One backend of one pool; {@code since} is its last change of state. */
    record Backend(
            String pool,
            String id,
            String address,
            String state,
            String reason,
            Optional<Instant> since,
            long weight,
            long open,
            long pending,
            Counters counters,
            Latency connect,
            Latency firstByte) {
        String name() {
            return pool + "/" + id;
        }
    }

    /** One data thread. */
    record Worker(String name, long connections, long sessions, long turns, long pipes, Latency lateness) {}

    /** One line of the event log. */
    record Event(String at, String type, String subject, String level, String text) {}

    /**
     * What only grows while a process lives.
     *
     * @param started connections and sessions
     * @param failures of them, by whatever reason clients would call one
     * @param bytesIn from clients to backends
     * @param bytesOut from backends to clients
     */
    record Counters(long started, long failures, long bytesIn, long bytesOut) {}

    /** Of the last seconds, in milliseconds; {@link #NONE} when there was nothing to measure. */
    record Latency(double p50Ms, double p99Ms, double maxMs) {
        static final Latency NONE = new Latency(Double.NaN, Double.NaN, Double.NaN);
    }
}
