package io.penstock.forwarder.config;

import io.penstock.net.Endpoint;
import java.nio.file.Path;

/**
 * What is written of flows that have ended, and where.
 *
 * @param share of them that is written, in hundredths of a percent, 0 to {@link #ALL}
 * @param everyFailure whether those that failed are written whatever the share
 */
public record FlowLogConfig(Format format, int share, boolean everyFailure, Target target) {
    public static final int ALL = 10_000;

    public enum Format {
        JSON,
        LOGFMT
    }

    /** Where lines go. */
    public sealed interface Target permits ToFile, ToStdout, ToSyslog {}

    /**
     * A file, and those that it was before.
     *
     * @param path absolute
     * @param maxBytes beyond which it makes room for a new one
     * @param keep how many of those before it are kept, at least 1
     */
    public record ToFile(Path path, long maxBytes, int keep) implements Target {
        /** A few minutes of a busy forwarder, a week of a quiet one. */
        public static final long DEFAULT_MAX_BYTES = 100L << 20;

        /** A file has room for more than is written at once. */
        public static final long MIN_MAX_BYTES = 1L << 20;

        public static final long MAX_MAX_BYTES = 1L << 40;
        public static final int DEFAULT_KEEP = 5;
        public static final int MAX_KEEP = 1000;

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** Standard output, which nothing else of a running forwarder goes to. */
    public record ToStdout() implements Target {
        @Override
        public String toString() {
            return "stdout";
        }
    }

    /** Datagrams of RFC 5424, to a UNIX socket or by UDP (RFC 5426). */
    public record ToSyslog(Endpoint receiver) implements Target {
        public static final String UDP = "udp://";

        @Override
        public String toString() {
            return receiver.isUnix() ? receiver.toString() : UDP + receiver;
        }
    }
}
