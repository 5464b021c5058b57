package io.penstock.perf.failures;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What client and backend say to each other: one HTTP request a connection, answered with the backend's name. */
final class Exchange {
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 ";

    private Exchange() {}

    static byte[] request() {
        return ascii("GET / HTTP/1.1\r\nHost: tested\r\nConnection: close\r\n\r\n");
    }

    static byte[] answer(String backend) {
        return ascii(OK + "OK\r\nContent-Length: " + backend.length() + "\r\nConnection: close\r\n\r\n" + backend);
    }

    /** The name in a whole answer; empty when it is none. */
    static Optional<String> backendIn(String answer) {
        int end = answer.indexOf(END_OF_HEAD);
        if (!answer.startsWith(OK) || end < 0) {
            return Optional.empty();
        }
        String body = answer.substring(end + END_OF_HEAD.length());
        return answer.contains("Content-Length: " + body.length() + "\r\n") && !body.isEmpty()
                ? Optional.of(body)
                : Optional.empty();
    }

    /** Whether the head of a request is that of a balancer's check rather than of a client. */
    static boolean isCheck(String head) {
        return head.startsWith("GET /health ");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
