package io.penstock.perf.lab;

import io.penstock.net.IpAddress;
import java.util.Optional;

/**
 * What became of one new connection. Times are {@code System.nanoTime()}.
 *
 * @param answer of the backend; empty when it failed
 * @param failure for people; empty when it was served
 */
public record Outcome(IpAddress source, long beganNs, long endedNs, Optional<Answer> answer, String failure) {
    static Outcome served(IpAddress source, long beganNs, long endedNs, Answer answer) {
        return new Outcome(source, beganNs, endedNs, Optional.of(answer), "");
    }

    static Outcome failed(IpAddress source, long beganNs, long endedNs, String failure) {
        return new Outcome(source, beganNs, endedNs, Optional.empty(), failure);
    }

    /** From the first SYN to the end. */
    public long durationNs() {
        return endedNs - beganNs;
    }
}
