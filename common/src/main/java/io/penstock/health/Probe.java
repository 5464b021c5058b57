package io.penstock.health;

import com.google.re2j.Pattern;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is asked of a target, and which answer is a success. Independent of the protocol of the traffic. */
public sealed interface Probe {
    /** A TCP connect, closed with a reset. */
    record Tcp() implements Probe {}

    /**
     * Bytes over TCP or TLS.
     *
     * @param send after the connect; may be empty
     * @param expect within what has come so far; empty when a connect and a successful send are enough
     */
    record Exchange(Octets send, Optional<Expect> expect, Optional<Tls> tls) implements Probe {}

    /**
     * A request over HTTP/1.1, closed after the answer.
     *
     * @param method GET, HEAD or OPTIONS
     * @param path and query, from the slash on
     * @param host of the Host header; empty for the target's address and port
     * @param statuses an answer whose status is in one of these is a success; at least one
     * @param body found in the first 64 KiB of the body
     */
    record Http(
            String method,
            String path,
            Optional<String> host,
            List<StatusRange> statuses,
            Optional<Expect> body,
            Optional<Tls> tls)
            implements Probe {}

    /**
     * A datagram. An ICMP unreachable is a failure at once.
     *
     * @param send at least one byte
     * @param expect in one datagram; when empty any answer is a success
     * @param silenceIsSuccess for protocols that do not answer strangers: only an ICMP unreachable fails
     */
    record Udp(Octets send, Optional<Expect> expect, boolean silenceIsSuccess) implements Probe {}

    /** A TLS handshake to its end. */
    record Handshake(Tls tls) implements Probe {}

    /**
     * A program of this host: exit code 0 is a success, its first line of output the evidence. It is told the target by
     * {@code PENSTOCK_ADDRESS} and {@code PENSTOCK_PORT}, and killed at the timeout with all it started.
     *
     * @param command the program and its arguments
     * @param outputMaxBytes more output is read and dropped
     */
    record Exec(List<String> command, int outputMaxBytes) implements Probe {}

    /** What must be found. The engine is linear in its input, so no pattern can hang a probe. */
    sealed interface Expect {
        record Bytes(Octets bytes) implements Expect {}

        /** Over the octets as ISO 8859-1. */
        record Regex(Pattern pattern) implements Expect {}
    }

    /**
     * First and last status, 100 to 599.
     */
    record StatusRange(int first, int last) {
        boolean contains(int status) {
            return status >= first && status <= last;
        }
    }

    /**
     * TLS to the target.
     *
     * @param serverName sent as SNI, and checked against the certificate when {@code verify}
     * @param verify whether the chain must lead to {@code caFile}, or to an authority of the host when that is empty
     */
    record Tls(Optional<String> serverName, boolean verify, Optional<Path> caFile) {}
}
