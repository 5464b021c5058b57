package io.penstock.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.admin.AdminClient.Reply;
import io.penstock.net.IpAddress;
import io.penstock.serving.VipVerdict.Kind;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forwarder's own words, as its docs/events.md has them; HostIT asks a real one. */
class AnswerTest {
    private static final IpAddress VIP = IpAddress.parse("192.0.2.10").orElseThrow();
    private static final IpAddress OTHER = IpAddress.parse("192.0.2.11").orElseThrow();
    private static final IpAddress VIP6 = IpAddress.parse("2001:db8::10").orElseThrow();

    @ParameterizedTest
    @CsvSource({
        "200, served, SERVED",
        "200, degraded, SERVED",
        "503, not-served, NOT_SERVED",
        "503, draining, DRAINING",
        "503, unknown, UNKNOWN"
    })
    void shouldReadEachStateOfForwarder(int status, String state, Kind expected) {
        Answer answer = Answer.ofOne(new Reply(status, vip("192.0.2.10", state)), VIP);
        boolean degraded = state.equals("degraded");
        assertEquals(new Answer(expected, degraded, "web: pool web: no backend is up (down 2)"), answer);
    }

    @Test
    void shouldTakeAddressThatNobodyListensOnForNotServed() {
        Answer answer = Answer.ofOne(new Reply(404, "{\"error\": \"no service listens on 192.0.2.10\"}"), VIP);
        assertEquals(new Answer(Kind.NOT_SERVED, "no service of the forwarder listens on 192.0.2.10"), answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "<html>",
                "{\"state\": 1}",
                "{\"state\": \"served\"}",
                "{\"state\": null, \"reason\": null}",
                "{\"state\": \"splendid\", \"reason\": \"\"}",
                "{\"vips\": {}}",
                "{\"vips\": [1]}",
                "{\"vips\": [{\"vip\": []}]}"
            })
    void shouldTakeForNotServedWhatIsNotUnderstood(String body) {
        assertEquals(Kind.NOT_SERVED, Answer.ofOne(new Reply(200, body), VIP).kind());
        assertEquals(
                Kind.NOT_SERVED, Answer.ofAll(new Reply(200, body)).apply(VIP).kind());
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 421, 500})
    void shouldSayWhatForwarderRefusesWith(int status) {
        Answer refused = new Answer(Kind.NOT_SERVED, "the forwarder answers " + status);
        assertEquals(refused, Answer.ofOne(new Reply(status, ""), VIP));
        assertEquals(refused, Answer.ofAll(new Reply(status, "")).apply(VIP));
    }

    @Test
    void shouldFindEachAddressInListOfAll() {
        Function<IpAddress, Answer> answers = all(Map.of("192.0.2.10", "served", "2001:db8:0::10", "not-served"));
        assertEquals(Kind.SERVED, answers.apply(VIP).kind());
        assertEquals(Kind.NOT_SERVED, answers.apply(VIP6).kind());
        assertEquals(
                "no service of the forwarder listens on 192.0.2.11",
                answers.apply(OTHER).reason());
    }

    @Test
    void shouldFindListenerOnEveryAddressOfFamily() {
        Function<IpAddress, Answer> answers = all(Map.of("0.0.0.0", "served", "192.0.2.10", "not-served"));
        assertEquals(Kind.NOT_SERVED, answers.apply(VIP).kind(), "the address says more than the wildcard");
        assertEquals(Kind.SERVED, answers.apply(OTHER).kind());
        assertEquals(Kind.NOT_SERVED, answers.apply(VIP6).kind());
    }

    private static Function<IpAddress, Answer> all(Map<String, String> states) {
        StringBuilder list = new StringBuilder();
        states.forEach(
                (address, state) -> list.append(list.isEmpty() ? "" : ",").append(vip(address, state)));
        return Answer.ofAll(new Reply(200, "{\"vips\": [" + list + "]}"));
    }

    private static String vip(String address, String state) {
        return """
                {
                  "vip": "%s", "served": false, "state": "%s",
                  "reason": "web: pool web: no backend is up (down 2)",
                  "services": [
                    { "name": "web", "protocol": "tcp", "listen": ["192.0.2.10:80"], "pool": "web", "enabled": true,
                      "state": "not-served", "reason": "pool web: no backend is up (down 2)", "backendsUp": 0, "backends": 2,
                      "panic": false }
                  ]
                }
                """.formatted(address, state);
    }
}
