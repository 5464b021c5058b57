package io.penstock.bgp.gobgp.v3;

import io.grpc.Status;
import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonException.Kind;
import io.penstock.config.DurationText;
import java.io.IOException;

/** What gRPC says, for people. Refusals of gobgpd all have the status UNKNOWN and a sentence. */
final class Failures {
    private final String daemon;
    private final String timeout;

    Failures(DaemonConfig config) {
        daemon = "gobgpd at " + config.address();
        timeout = DurationText.format(config.timeout());
    }

    DaemonException of(Throwable error) {
        Status status = Status.fromThrowable(error);
        return switch (status.getCode()) {
            case UNAVAILABLE, CANCELLED, INTERNAL -> unreachable(status);
            case DEADLINE_EXCEEDED -> late();
            case UNIMPLEMENTED ->
                new DaemonException(
                        Kind.REFUSED,
                        "what listens at " + daemon.substring("gobgpd at ".length())
                                + " does not speak version 3 of GoBGP's API, as gobgpd 3.x does: " + reason(status));
            // A daemon's refusal comes without a cause; one of this end's is a connection that breaks just as the call
            // begins.
            default ->
                status.getCause() instanceof IOException
                        ? unreachable(status)
                        : new DaemonException(Kind.REFUSED, daemon + " refuses: " + reason(status));
        };
    }

    private DaemonException unreachable(Status status) {
        return new DaemonException(Kind.UNREACHABLE, daemon + " cannot be reached: " + reason(status));
    }

    DaemonException late() {
        return new DaemonException(Kind.LATE, daemon + " did not answer within " + timeout);
    }

    /** The daemon ended a stream that has no end. */
    DaemonException ended() {
        return new DaemonException(Kind.UNREACHABLE, daemon + " tells of its events no longer");
    }

    private static String reason(Status status) {
        Throwable cause = status.getCause();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause != null && cause.getMessage() != null) {
            return cause.getMessage();
        }
        return status.getDescription() == null ? status.getCode().name() : status.getDescription();
    }
}
