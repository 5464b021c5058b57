package io.penstock.bgp.gobgp.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.gobgp.DaemonException;
import io.penstock.bgp.gobgp.DaemonException.Kind;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final Failures failures = new Failures(new DaemonConfig(
            new DaemonConfig.Address.Tcp("192.0.2.1", 50_051),
            Optional.empty(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5)));

    private void assertFailure(Kind kind, String message, Status status) {
        DaemonException failure = failures.of(status.asRuntimeException());

        assertEquals(kind, failure.kind());
        assertEquals(message, failure.getMessage());
    }

    @Test
    void shouldSayWhyNobodyIsReached() {
        assertFailure(
                Kind.UNREACHABLE,
                "gobgpd at 192.0.2.1:50051 cannot be reached: Connection refused",
                Status.UNAVAILABLE
                        .withDescription("io exception")
                        .withCause(new RuntimeException(new ConnectException("Connection refused"))));
        assertFailure(Kind.UNREACHABLE, "gobgpd at 192.0.2.1:50051 cannot be reached: UNAVAILABLE", Status.UNAVAILABLE);
        assertFailure(
                Kind.UNREACHABLE,
                "gobgpd at 192.0.2.1:50051 cannot be reached: channel closed",
                Status.UNKNOWN.withDescription("channel closed").withCause(new ClosedChannelException()));
    }

    @Test
    void shouldSayHowLongItWaited() {
        assertFailure(Kind.LATE, "gobgpd at 192.0.2.1:50051 did not answer within 2s", Status.DEADLINE_EXCEEDED);
    }

    @Test
    void shouldRepeatWhatARefusalSays() {
        assertFailure(
                Kind.REFUSED,
                "gobgpd at 192.0.2.1:50051 refuses: nexthop not found",
                Status.UNKNOWN.withDescription("nexthop not found"));
        assertFailure(
                Kind.REFUSED,
                "what listens at 192.0.2.1:50051 does not speak version 3 of GoBGP's API, as gobgpd 3.x does: unknown service",
                Status.UNIMPLEMENTED.withDescription("unknown service"));
    }
}
