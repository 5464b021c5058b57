package io.penstock.health;

import com.google.re2j.Pattern;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SNIHostName;

/**
 * What is asked of a target, and which answer is a success. Independent of the protocol of the traffic. The records
 * throw {@link IllegalArgumentException}, with the rule, for what cannot be asked.
 */
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
            implements Probe {
        private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS");

        public Http {
            statuses = List.copyOf(statuses);
            require(METHODS.contains(method), "method must be GET, HEAD or OPTIONS");
            require(path.startsWith("/") && isVisible(path), "path must begin with / and have no spaces or controls");
            require(host.map(Probe::isVisible).orElse(true), "host must have no spaces or controls");
            require(!statuses.isEmpty(), "at least one range of statuses is needed");
            require(!method.equals("HEAD") || body.isEmpty(), "an answer to HEAD has no body");
        }
    }

    /**
     * A datagram. An ICMP unreachable is a failure at once.
     *
     * @param send may be empty
     * @param expect in the first datagram that is not empty; when not given any such answer is a success
     * @param silenceIsSuccess for protocols that do not answer strangers: only an ICMP unreachable fails
     */
    record Udp(Octets send, Optional<Expect> expect, boolean silenceIsSuccess) implements Probe {
        /** What fits into IPv4 and UDP headers. */
        public static final int SEND_MAX = 65_507;

        /** Finds out no more than whether this port is closed, of any server: an empty datagram asks for nothing. */
        public static final Udp NOTHING_SAID = new Udp(Octets.NONE, Optional.empty(), true);

        public Udp {
            require(send.length() <= SEND_MAX, "a datagram has at most " + SEND_MAX + " octets");
        }
    }

    /** A TLS handshake to its end. */
    record Handshake(Tls tls) implements Probe {}

    /**
     * A program of this host: exit code 0 is a success, its first line of output the evidence. It is told the target by
     * {@code PENSTOCK_ADDRESS} and {@code PENSTOCK_PORT}, and killed at the timeout with all it started.
     *
     * @param command the program and its arguments; no shell reads them
     * @param outputMaxBytes more output is read and dropped; at most {@link #OUTPUT_MAX}
     */
    record Exec(List<String> command, int outputMaxBytes) implements Probe {
        public static final int OUTPUT_MAX = 64 * 1024;

        public Exec {
            command = List.copyOf(command);
            require(!command.isEmpty(), "a command needs a program");
            require(command.stream().noneMatch(word -> word.indexOf(0) >= 0), "a command has no NUL");
            require(outputMaxBytes >= 0 && outputMaxBytes <= OUTPUT_MAX, "output is 0 to 64 KiB");
        }
    }

    /** What must be found. The engine is linear in its input, so no pattern can hang a probe. */
    sealed interface Expect {
        record Bytes(Octets bytes) implements Expect {}

        /**
         * Over the octets as ISO 8859-1, found anywhere.
         *
         * @param pattern of at most {@link #PROGRAM_MAX} instructions: the worst 64 KiB then take a fraction of a second
         */
        record Regex(Pattern pattern) implements Expect {
            public static final int PROGRAM_MAX = 1_000;

            public Regex {
                require(pattern.programSize() <= PROGRAM_MAX, "the regular expression is too large");
            }
        }
    }

    /**
     * First and last status, 100 to 599.
     */
    record StatusRange(int first, int last) {
        public StatusRange {
            require(first >= 100 && first <= last && last <= 599, "statuses are 100 to 599, the lower one first");
        }

        boolean contains(int status) {
            return status >= first && status <= last;
        }
    }

    /**
     * TLS to the target.
     *
     * @param serverName sent as SNI; when empty nothing is sent
     * @param verify whether the chain must lead to {@code caFile}, or to an authority that the Java runtime trusts when
     *     that is empty, and the certificate must be for {@code serverName}, or for the target's address when that is empty
     * @param caFile certificates as PEM
     */
    record Tls(Optional<String> serverName, boolean verify, Optional<Path> caFile) {
        public Tls {
            // Throws by itself for a name that SNI cannot carry.
            serverName.ifPresent(SNIHostName::new);
        }
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    private static boolean isVisible(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
