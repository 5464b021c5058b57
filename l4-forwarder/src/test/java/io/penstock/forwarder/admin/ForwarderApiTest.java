package io.penstock.forwarder.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import io.penstock.forwarder.operate.ReloadResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ForwarderApiTest {
    @TempDir
    private Path directory;

    private AdminFixture admin;

    @BeforeEach
    void start() throws Exception {
        admin = new AdminFixture(directory);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            POST   | /v1/reload                         |                          | 200 | reload api
            POST   | /v1/pools/web/backends             | {"address":"10.0.0.3:80"} | 201 | add web NewBackend[id=10.0.0.3:80, address=10.0.0.3:80, weight=1]
            POST   | /v1/pools/web/backends             | {"address":"a:1","id":"x","weight":0} | 201 | add web NewBackend[id=x, address=a:1, weight=0]
            DELETE | /v1/pools/web/backends/web-1       |                          | 204 | remove web/web-1
            PATCH  | /v1/pools/web/backends/web-1       | {"state":"drain"}        | 204 | change web/web-1 Optional[DRAIN] Optional.empty
            PATCH  | /v1/pools/web/backends/web-1       | {"state":"ready","weight":9} | 204 | change web/web-1 Optional[READY] Optional[9]
            POST   | /v1/pools/web/backends/web-1/reset |                          | 204 | reset web/web-1
            PATCH  | /v1/services/web                   | {"enabled":false}        | 200 | service web false
            GET    | /v1/connections                    |                          | 200 | connections ConnectionFilter[id=Optional.empty, service=Optional.empty, pool=Optional.empty, backend=Optional.empty, client=Optional.empty] 1000
            GET    | /v1/connections?pool=web&backend=web-1&client=192.0.2.0/24&limit=5 |  | 200 | connections ConnectionFilter[id=Optional.empty, service=Optional.empty, pool=Optional[web], backend=Optional[web-1], client=Optional[192.0.2.0/24]] 5
            DELETE | /v1/connections?id=42              |                          | 200 | kill ConnectionFilter[id=Optional[42], service=Optional.empty, pool=Optional.empty, backend=Optional.empty, client=Optional.empty]
            DELETE | /v1/connections?all=true           |                          | 200 | kill ConnectionFilter[id=Optional.empty, service=Optional.empty, pool=Optional.empty, backend=Optional.empty, client=Optional.empty]
            POST   | /v1/drain                          | {"rate":"500/s","deadline":"5m","closeRest":true} | 202 | drain forwarder DrainPlan[ratePerSecond=500.0, jitterPercent=20, deadline=Optional[PT5M], closeRest=true]
            POST   | /v1/drain                          |                          | 202 | drain forwarder DrainPlan[ratePerSecond=0.0, jitterPercent=20, deadline=Optional.empty, closeRest=false]
            POST   | /v1/pools/web/fail-back            | {"rate":"90/m","jitterPercent":0} | 202 | drain fail-back web DrainPlan[ratePerSecond=1.5, jitterPercent=0, deadline=Optional.empty, closeRest=false]
            POST   | /v1/pools/web/backends/web-2/drain | {"rate":"1/s"}           | 202 | drain backend web/web-2 DrainPlan[ratePerSecond=1.0, jitterPercent=20, deadline=Optional.empty, closeRest=false]
            DELETE | /v1/pools/web/backends/web-2/drain |                          | 200 | cancel backend web/web-2
            """)
    void shouldAskWhatTheRequestSays(String method, String uri, String body, int status, String asked)
            throws Exception {
        Reply reply = admin.send(method, uri, body == null ? "" : body);
        assertEquals(status, reply.status(), reply.body());
        assertEquals(List.of(asked), admin.operations.asked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            POST   | /v1/reload                         | {"now":true}            | 400 | unknown key 'now'; known here: none
            POST   | /v1/pools/nil/backends             | {"address":"a:1"}       | 404 | no pool 'nil'
            POST   | /v1/pools/web/backends             | {"address":"a:1","id":"web-1"} | 409 | pool 'web' has a backend 'web-1' already
            POST   | /v1/pools/web/backends             | {"id":"x"}              | 400 | address is required
            POST   | /v1/pools/web/backends             | {"address":"a:1","weight":1001} | 400 | weight must be a whole number from 0 to 1000
            POST   | /v1/pools/web/backends             | {"address":"a:1","weight":1.5} | 400 | weight must be a whole number from 0 to 1000
            POST   | /v1/pools/web/backends             | {"address":"a:1","wieght":2} | 400 | unknown key 'wieght'; known here: address, id, weight
            PATCH  | /v1/pools/web/backends/web-1       | {}                      | 400 | say a state, a weight or both
            PATCH  | /v1/pools/web/backends/web-1       | {"state":"down"}        | 400 | state must be one of: drain, maintenance, ready
            PATCH  | /v1/pools/web/backends/other       | {"weight":1}            | 404 | no backend 'other' in pool 'web'
            PATCH  | /v1/services/web                   | {"enabled":"no"}        | 400 | enabled must be true or false
            GET    | /v1/services/nil                   |                         | 404 | no service 'nil'
            GET    | /v1/pools/nil                      |                         | 404 | no pool 'nil'
            GET    | /v1/pools/web/backends/nil         |                         | 404 | no backend 'nil' in pool 'web'
            GET    | /v1/connections?client=nobody      |                         | 400 | client must be an address or a prefix such as 192.0.2.0/24
            GET    | /v1/connections?limit=0            |                         | 400 | limit must be from 1 to 100000
            GET    | /v1/connections?id=x               |                         | 400 | id must be a whole number
            DELETE | /v1/connections                    |                         | 400 | say which connections, or all=true and nothing else
            DELETE | /v1/connections?all=true&id=1      |                         | 400 | say which connections, or all=true and nothing else
            DELETE | /v1/connections?all=yes            |                         | 400 | all can only be true
            POST   | /v1/drain                          | {"rate":"0/s"}          | 400 | rate must be a rate such as 500/s or 90/m, up to 1000000/s
            POST   | /v1/drain                          | {"rate":500}            | 400 | rate must be a rate such as 500/s or 90/m, up to 1000000/s
            POST   | /v1/drain                          | {"closeRest":true}      | 400 | closeRest is for a deadline only
            POST   | /v1/drain                          | {"deadline":"0s"}       | 400 | deadline must be a duration from 1ms to 240h
            DELETE | /v1/drain                          |                         | 409 | there is no drain of the forwarder
            """)
    void shouldSayWhatIsWrongAndAskNothing(String method, String uri, String body, int status, String error)
            throws Exception {
        Reply reply = admin.send(method, uri, body == null ? "" : body);
        assertEquals(status, reply.status(), reply.body());
        assertEquals(error, object(reply).get("error").getAsString());
        assertEquals(List.of(), admin.operations.asked);
    }

    private static JsonObject object(Reply reply) throws Exception {
        return Json.parse(reply.body()).getAsJsonObject();
    }

    @Test
    void shouldShowTheWholeStatus() throws Exception {
        JsonObject status = object(admin.send("GET", "/v1/status", ""));
        assertEquals("running", status.get("state").getAsString());
        assertEquals(90_061.5, status.get("uptimeSeconds").getAsDouble());
        assertEquals(
                "[\"workers\"]",
                status.getAsJsonObject("lastReload").get("needRestart").toString());
        JsonObject pool = status.getAsJsonArray("pools").get(0).getAsJsonObject();
        assertEquals(object(admin.send("GET", "/v1/pools/web", "")), pool);
        JsonObject backend = pool.getAsJsonArray("backends").get(0).getAsJsonObject();
        assertEquals(object(admin.send("GET", "/v1/pools/web/backends/web-1", "")), backend);
        assertEquals("weight 1, file 2", backend.get("difference").getAsString());
        assertEquals(
                "[{\"source\":\"10.0.0.8\",\"left\":28231},{\"source\":\"10.0.0.9\",\"left\":28230}]",
                backend.get("portsLeft").toString());
        assertEquals(
                "{\"count\":2,\"p50Ms\":0.128,\"p99Ms\":0.256}",
                backend.getAsJsonObject("latency").get("firstByte").toString());
        assertEquals(700, backend.getAsJsonObject("counters").get("connections").getAsInt());
        assertEquals(
                200_900,
                backend.getAsJsonObject("counters").get("bytesToClient").getAsInt());
        assertEquals(
                "{\"queueWaits\":6,\"queueWaitSeconds\":1.25,\"placesRefused\":9,\"retries\":4}",
                pool.get("counters").toString());
        JsonObject service = status.getAsJsonArray("services").get(0).getAsJsonObject();
        JsonObject carried = service.getAsJsonObject("counters");
        assertEquals(1_000, carried.get("accepted").getAsInt());
        assertEquals(7, carried.getAsJsonObject("closed").get("client_reset").getAsInt());
        assertEquals(1_000, carried.get("bytesToBackends").getAsInt());
        assertEquals(302_000, carried.get("bytesToClients").getAsInt());
        assertEquals(300_000, carried.get("splicedToClients").getAsInt());
        JsonObject connect = service.getAsJsonObject("latency").getAsJsonObject("connect");
        assertEquals(2, connect.get("count").getAsInt());
        assertEquals(0.05, connect.get("p50Ms").getAsDouble(), 0.05 / 16 + 0.001);
        assertEquals(0.2, connect.get("maxMs").getAsDouble(), 0.2 / 16 + 0.001);
        assertFalse(pool.getAsJsonArray("backends").get(1).getAsJsonObject().has("difference"));
        assertEquals(
                "{\"rate\":\"500/s\",\"jitterPercent\":20,\"deadline\":\"5m\",\"closeRest\":true}",
                status.getAsJsonArray("drains")
                        .get(0)
                        .getAsJsonObject()
                        .get("plan")
                        .toString());
        assertEquals(12, status.get("sessions").getAsInt());
        assertEquals(15_000, status.get("sessionLimit").getAsInt());
        JsonObject dns = status.getAsJsonArray("services").get(1).getAsJsonObject();
        assertEquals("udp", dns.get("protocol").getAsString());
        assertEquals(0, dns.get("connections").getAsInt());
        assertEquals(12, dns.get("sessions").getAsInt());
        assertEquals(
                status.get("services"),
                object(admin.send("GET", "/v1/services", "")).get("services"));
    }

    @Test
    void shouldSayWhyAReloadWasRefused() throws Exception {
        admin.operations.reload = new ReloadResult(
                FakeOperations.STARTED, "api", false, List.of(), List.of("f.yaml:1:1: workers: x"), List.of());
        Reply reply = admin.send("POST", "/v1/reload", "");
        assertEquals(422, reply.status());
        assertEquals(
                "the configuration was refused and nothing changed",
                object(reply).get("error").getAsString());
        assertEquals(
                "[\"f.yaml:1:1: workers: x\"]", object(reply).get("problems").toString());
    }

    @Test
    void shouldBeReadyOnlyWhileItTakesConnections() throws Exception {
        assertEquals(new Reply(200, "running\n"), admin.send("GET", "/readyz", ""));
        admin.operations.state = "draining";
        assertEquals(new Reply(503, "draining\n"), admin.send("GET", "/readyz", ""));
        assertEquals(200, admin.send("GET", "/healthz", "").status());
    }

    @Test
    void shouldShowConnections() throws Exception {
        JsonObject connection = object(admin.send("GET", "/v1/connections", ""))
                .getAsJsonArray("connections")
                .get(0)
                .getAsJsonObject();
        assertEquals(42, connection.get("id").getAsLong());
        assertEquals(1.5, connection.get("ageSeconds").getAsDouble());
        assertTrue(connection.has("backend"));
    }
}
