package io.penstock.forwarder.flowlog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.penstock.forwarder.config.FlowLogConfig;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.worker.ConnectionId;
import io.penstock.net.UnixAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Writes what is told of a flow as one line, without its end. NOT thread safe: the writer's own. */
final class FlowLine {
    private static final long NS_PER_MS = 1_000_000;
    private static final byte[] TRUE = "true".getBytes(US_ASCII);
    private static final byte[] FALSE = "false".getBytes(US_ASCII);

    private final LineSyntax syntax;
    private final Timestamps ended = new Timestamps();
    private final Timestamps opened = new Timestamps();
    private final Map<Enum<?>, String> reasons = new HashMap<>();
    private final Map<UnixAddress, String> unixAddresses = new HashMap<>();

    FlowLine(LineSyntax syntax) {
        this.syntax = syntax;
    }

    static FlowLine of(FlowLogConfig.Format format) {
        return new FlowLine(
                switch (format) {
                    case JSON -> LineSyntax.json();
                    case LOGFMT -> LineSyntax.logfmt();
                });
    }

    /**
     * Appends the line.
     *
     * @param wallNs what is to be added to System.nanoTime to get nanoseconds since 1970
     * @param worker whose flow it was
     */
    void put(LineBuffer line, FlowEnd end, long wallNs, int worker) {
        syntax.begin(line);
        time(line, FlowField.TIME, ended, end.endedNs() + wallNs);
        time(line, FlowField.OPENED, opened, end.openedNs() + wallNs);
        number(line, FlowField.ID, ConnectionId.of(worker, end.token()));
        syntax.text(line, FlowField.PROTOCOL, end.isUdp() ? "udp" : "tcp");
        syntax.text(line, FlowField.SERVICE, end.service());
        client(line, end);
        backend(line, end);
        syntax.text(line, FlowField.REASON, reason(end.reason()));
        syntax.key(line, FlowField.FAILURE).put(end.isFailure() ? TRUE : FALSE);
        number(line, FlowField.ATTEMPTS, end.attempts());
        amounts(line, end);
        times(line, end);
        syntax.end(line);
    }

    private void client(LineBuffer line, FlowEnd end) {
        if (end.hasClient()) {
            address(line, FlowField.CLIENT_ADDRESS, end.clientHigh(), end.clientLow());
            number(line, FlowField.CLIENT_PORT, end.clientPort());
        }
        if (end.hasProxy()) {
            address(line, FlowField.PROXY_ADDRESS, end.proxyHigh(), end.proxyLow());
            number(line, FlowField.PROXY_PORT, end.proxyPort());
        }
        if (end.listener().isUnix()) {
            unix(line, FlowField.LISTEN_ADDRESS, end.listener().unix().orElseThrow());
            return;
        }
        if (end.hasLocal()) {
            address(line, FlowField.LISTEN_ADDRESS, end.localHigh(), end.localLow());
        }
        number(line, FlowField.LISTEN_PORT, end.localPort());
    }

    private void backend(LineBuffer line, FlowEnd end) {
        Backend backend = end.backend();
        if (backend == null) {
            return;
        }
        syntax.text(line, FlowField.POOL, backend.pool());
        syntax.text(line, FlowField.BACKEND, backend.id());
        if (backend.isUnix()) {
            unix(line, FlowField.BACKEND_ADDRESS, backend.unix());
            return;
        }
        address(
                line,
                FlowField.BACKEND_ADDRESS,
                backend.address().high(),
                backend.address().low());
        number(line, FlowField.BACKEND_PORT, backend.port(end.localPort()));
    }

    private void amounts(LineBuffer line, FlowEnd end) {
        number(line, FlowField.BYTES_TO_BACKEND, end.bytesToBackend());
        number(line, FlowField.BYTES_TO_CLIENT, end.bytesToClient());
        if (end.isUdp()) {
            number(line, FlowField.DATAGRAMS_TO_BACKEND, end.datagramsToBackend());
            number(line, FlowField.DATAGRAMS_TO_CLIENT, end.datagramsToClient());
        } else {
            number(line, FlowField.BYTES_SPLICED, end.bytesSpliced());
        }
    }

    private void times(LineBuffer line, FlowEnd end) {
        if (!end.isUdp()) {
            duration(line, FlowField.QUEUE_MS, end.queuedNs());
        }
        duration(line, FlowField.CONNECT_MS, end.connectNs());
        duration(line, FlowField.FIRST_BYTE_MS, end.firstByteNs());
        duration(line, FlowField.DURATION_MS, end.endedNs() - end.openedNs());
    }

    private void time(LineBuffer line, FlowField field, Timestamps timestamps, long epochNs) {
        syntax.key(line, field);
        syntax.quote(line);
        timestamps.put(line, Math.floorDiv(epochNs, NS_PER_MS));
        syntax.quote(line);
    }

    private void address(LineBuffer line, FlowField field, long high, long low) {
        syntax.key(line, field);
        syntax.quote(line);
        line.address(high, low);
        syntax.quote(line);
    }

    private void unix(LineBuffer line, FlowField field, UnixAddress address) {
        syntax.text(line, field, unixAddresses.computeIfAbsent(address, UnixAddress::toString));
    }

    private void number(LineBuffer line, FlowField field, long value) {
        syntax.key(line, field).decimal(value);
    }

    private void duration(LineBuffer line, FlowField field, long ns) {
        if (ns != FlowEnd.NEVER) {
            syntax.key(line, field).milliseconds(ns);
        }
    }

    /** As the label {@code reason} of the metrics. */
    private String reason(Enum<?> reason) {
        return reasons.computeIfAbsent(reason, constant -> constant.name().toLowerCase(Locale.ROOT));
    }
}
