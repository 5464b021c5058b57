package io.penstock.perf.udp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Locale;

/**
 * What a run saw.
 *
 * @param answered in the measured time
 * @param seconds how long that was
 * @param cpuNs user and system time of the processes that were watched, meanwhile
 * @param lost of all sent in the run, warm-up included: not answered in time
 * @param late answered after they were given up, or twice
 * @param wrong answers that nobody asked for, or with other octets than were sent
 */
record Outcome(long answered, double seconds, long cpuNs, long lost, long late, long wrong) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS_PER_SECOND = 1e9;

    /** There and back. */
    private static final int PACKETS_PER_ANSWER = 2;

    static Outcome parse(String line) throws IOException {
        JsonNode numbers = JSON.readTree(line);
        return new Outcome(
                numbers.path("answered").asLong(),
                numbers.path("seconds").asDouble(),
                numbers.path("cpu_ns").asLong(),
                numbers.path("lost").asLong(),
                numbers.path("late").asLong(),
                numbers.path("wrong").asLong());
    }

    /** Datagrams that came through, one way or the other. */
    double packets() {
        return (double) PACKETS_PER_ANSWER * answered;
    }

    double packetsPerSecond() {
        return packets() / seconds;
    }

    double packetsPerCpuSecond() {
        return packets() * NANOS_PER_SECOND / cpuNs;
    }

    /** CPU time of the proxy, as a share of a core. */
    double busy() {
        return cpuNs / NANOS_PER_SECOND / seconds;
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"answered\":%d,\"seconds\":%.6f,\"cpu_ns\":%d,\"lost\":%d,\"late\":%d,\"wrong\":%d}",
                answered,
                seconds,
                cpuNs,
                lost,
                late,
                wrong);
    }
}
