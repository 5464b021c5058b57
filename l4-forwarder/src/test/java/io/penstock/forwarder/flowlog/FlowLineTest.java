package io.penstock.forwarder.flowlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.penstock.forwarder.balance.BackendLoad;
import io.penstock.forwarder.flow.FlowEnd;
import io.penstock.forwarder.table.Backend;
import io.penstock.forwarder.worker.ConnectionId;
import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.UnixAddress;
import java.io.StringReader;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

/** What a line says, and that whatever it says is read back. */
class FlowLineTest {
    private final LineBuffer buffer = new LineBuffer(16);
    private final FlowEnd end = new FlowEnd();

    @Example
    void shouldWriteAConnectionAsJson() {
        Ends.tcp(end);
        assertEquals(
                "{\"time\":\"2026-11-22T04:00:00.123Z\",\"opened\":\"2026-11-22T03:59:58.623Z\",\"id\":"
                        + ConnectionId.of(3, Ends.token(1))
                        + ",\"protocol\":\"tcp\",\"service\":\"web\",\"clientAddress\":\"198.51.100.7\",\"clientPort\":40000,"
                        + "\"listenAddress\":\"192.0.2.10\",\"listenPort\":80,\"pool\":\"web\",\"backend\":\"web-1\","
                        + "\"backendAddress\":\"10.0.0.11\",\"backendPort\":8080,\"reason\":\"completed\",\"failure\":false,"
                        + "\"attempts\":2,\"bytesToBackend\":1000,\"bytesToClient\":2097152,\"bytesSpliced\":1048576,"
                        + "\"queueMs\":0.000,\"connectMs\":1.234,\"firstByteMs\":2.050,\"durationMs\":1500.000}",
                line(LineSyntax.json()));
    }

    @Example
    void shouldWriteASessionAsLogfmt() {
        Ends.tcp(end)
                .identify(true, Ends.token(7), "dns")
                .datagrams(3, 2)
                .backend(Ends.backend("dns", "ns 1"), 1, 0, FlowEnd.NEVER, FlowEnd.NEVER);
        assertEquals(
                "time=2026-11-22T04:00:00.123Z opened=2026-11-22T03:59:58.623Z id="
                        + ConnectionId.of(3, Ends.token(7))
                        + " protocol=udp service=dns clientAddress=198.51.100.7 clientPort=40000 listenAddress=192.0.2.10"
                        + " listenPort=80 pool=dns backend=\"ns 1\" backendAddress=10.0.0.11 backendPort=8080 reason=completed"
                        + " failure=false attempts=1 bytesToBackend=1000 bytesToClient=2097152 datagramsToBackend=3"
                        + " datagramsToClient=2 durationMs=1500.000",
                line(LineSyntax.logfmt()));
    }

    @Example
    void shouldLeaveOutWhatThereWasNot() {
        Ends.tcp(end)
                .client(0, 0, 17)
                .local(Endpoint.of(new UnixAddress("/run/web.sock")), 0, 0, 0)
                .reason(Ends.Reason.NO_BACKEND, true)
                .backend(null, 0, 0, FlowEnd.NEVER, FlowEnd.NEVER);
        JsonObject line = json();
        assertFalse(line.has("clientAddress") || line.has("clientPort") || line.has("listenPort"));
        assertFalse(line.has("backend") || line.has("pool") || line.has("connectMs") || line.has("firstByteMs"));
        assertEquals("unix:/run/web.sock", line.get("listenAddress").getAsString());
        assertEquals("no_backend", line.get("reason").getAsString());
        assertEquals(true, line.get("failure").getAsBoolean());
    }

    @Example
    void shouldSayWhoStatedTheClient() {
        IpAddress proxy = Ends.address("2001:db8::5");
        Ends.tcp(end).proxy(proxy.high(), proxy.low(), 5000);
        JsonObject line = json();
        assertEquals("2001:db8::5", line.get("proxyAddress").getAsString());
        assertEquals(5000, line.get("proxyPort").getAsInt());
    }

    @Example
    void shouldSayThePortThatABackendIsReachedAt() {
        Backend anyPort = new Backend("b", Ends.address("10.0.0.1"), 0, 1, new BackendLoad());
        Ends.tcp(end).backend(anyPort, 1, 0, 1, 1).local(Ends.LISTENER, 0, 0, 8443);
        JsonObject line = json();
        assertEquals(8443, line.get("backendPort").getAsInt());
        assertFalse(line.has("listenAddress"), "it is not known");
        assertEquals(8443, line.get("listenPort").getAsInt());
    }

    @Property
    void shouldBeReadBackFromJson(
            @ForAll @StringLength(max = 40) String service,
            @ForAll @StringLength(max = 40) String pool,
            @ForAll @StringLength(max = 40) String backend,
            @ForAll long high,
            @ForAll long low,
            @ForAll @LongRange(min = 0) long bytes) {
        Ends.tcp(end, 5, service, pool, backend).client(high, low | 1, 65_535).bytes(bytes, 0, 0);
        JsonObject line = json();
        assertEquals(readable(service), line.get("service").getAsString());
        assertEquals(readable(pool), line.get("pool").getAsString());
        assertEquals(readable(backend), line.get("backend").getAsString());
        assertEquals(
                new IpAddress(high, low | 1).toString(),
                line.get("clientAddress").getAsString());
        assertEquals(bytes, line.get("bytesToBackend").getAsLong());
    }

    @Property
    void shouldBeReadBackFromLogfmt(
            @ForAll @StringLength(max = 40) String service, @ForAll @StringLength(max = 40) String backend) {
        Ends.tcp(end, 5, service, "pool", backend);
        Map<String, String> line = Logfmt.parse(line(LineSyntax.logfmt()));
        assertEquals(readable(service), line.get("service"));
        assertEquals(readable(backend), line.get("backend"));
        assertEquals("192.0.2.10", line.get("listenAddress"));
        assertEquals("1500.000", line.get("durationMs"));
    }

    /** What has no octets in UTF-8 is replaced. */
    private static String readable(String text) {
        StringBuilder readable = new StringBuilder();
        text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xfffd : point)
                .forEach(readable::appendCodePoint);
        return readable.toString();
    }

    private JsonObject json() {
        JsonReader reader = new JsonReader(new StringReader(line(LineSyntax.json())));
        reader.setStrictness(Strictness.STRICT);
        return JsonParser.parseReader(reader).getAsJsonObject();
    }

    private String line(LineSyntax syntax) {
        buffer.clear();
        new FlowLine(syntax).put(buffer, end, 0, 3);
        String line = UTF_8.decode(buffer.view()).toString();
        assertFalse(line.chars().anyMatch(next -> next < ' ' || next == 0x85 || next == 0x2028), line);
        return line;
    }
}
