package io.penstock.bgp.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminCredentials;
import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.AdminServer;
import io.penstock.admin.RequestException;
import io.penstock.admin.RequestListener;
import io.penstock.admin.Router;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.ThenConfig;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.events.Event.Level;
import io.penstock.testing.NetworkNamespace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a server that has the ecmp-agent's two orders. */
@Timeout(30)
class HandOverTest {
    @TempDir
    Path directory;

    private final Queue<BgpEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final Queue<String> givenBack = new ConcurrentLinkedQueue<>();
    private volatile Optional<RequestException> refusal = Optional.empty();
    private HandOver handOver;
    private AdminAddress address;
    private AdminServer server;

    @BeforeEach
    void begin() throws Exception {
        address = new AdminAddress.Unix(directory.resolve("ecmp.sock"));
        handOver = HandOver.start(events::add, givenBack::add);
        handOver.configure(config(Optional.of(new ThenConfig(address, AdminCredentials.NONE, "web-lo"))));
    }

    @AfterEach
    void end() {
        handOver.close();
        if (server != null) {
            server.close();
        }
    }

    private BgpConfig config(Optional<ThenConfig> then) {
        return HandOverConfigs.of(directory, then);
    }

    private void serve() throws Exception {
        Router router = new Router()
                .post("/v1/withdraw", request -> hear("withdraw", request))
                .post("/v1/resume", request -> hear("resume", request));
        server = AdminServer.start(AdminConfig.of(address), router, RequestListener.NONE, "test-ecmp");
    }

    private AdminResponse hear(String order, AdminRequest request) throws RequestException {
        String name = request.json(body -> body.required("name", body.text("name")));
        heard.add(order + " " + name);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return AdminResponse.text(202, "");
    }

    private List<String> heard() {
        return List.copyOf(heard);
    }

    @Test
    void shouldTellWhatBecameOfDrain() throws Exception {
        serve();
        handOver.onWithdrawnAfterDrain("web");
        NetworkNamespace.await("told", () -> events.size() == 1);
        handOver.onResume("web");
        NetworkNamespace.await("told", () -> events.size() == 2);
        assertEquals(List.of("withdraw web-lo", "resume web-lo"), heard());
        NetworkNamespace.await("known", () -> List.copyOf(givenBack).equals(List.of("web")));
        BgpEvent event = events.element();
        assertEquals("withdraw", event.details().get("order"));
        assertEquals(address.toString(), event.details().get("server"));
        assertEquals("web", event.subject());
        assertEquals(Level.INFO, event.level());
    }

    @Test
    void shouldTellNobodyOfVipsThatNobodyTakesOver() throws Exception {
        serve();
        handOver.onWithdrawnAfterDrain("other");
        handOver.onWithdrawnAfterDrain("web");
        NetworkNamespace.await("told", () -> heard().size() == 1);
        assertEquals(List.of("withdraw web-lo"), heard());
    }

    @Test
    void shouldTellAgainWhenNobodyIsThere() throws Exception {
        handOver.onWithdrawnAfterDrain("web");
        NetworkNamespace.await("reported", () -> events.size() == 1);
        assertEquals(Level.WARN, events.element().level());
        assertTrue(events.element().details().get("cause").contains("no answer from"), events::toString);
        TimeUnit.MILLISECONDS.sleep(600);
        assertEquals(1, events.size(), "the same trouble is not told again");
        serve();
        NetworkNamespace.await("told", () -> events.size() == 2);
        assertEquals(List.of("withdraw web-lo"), heard());
    }

    @Test
    void shouldTellAgainWhenRefused() throws Exception {
        refusal = Optional.of(RequestException.notFound("no VIP or route is named 'web-lo'"));
        serve();
        handOver.onWithdrawnAfterDrain("web");
        NetworkNamespace.await("again", () -> heard().size() == 2);
        assertTrue(events.element().text().contains("no VIP or route is named 'web-lo'"), events::toString);
        refusal = Optional.empty();
        NetworkNamespace.await("told", () -> events.size() == 2);
    }

    @Test
    void shouldNotTellWhatIsNoLongerSo() throws Exception {
        handOver.onWithdrawnAfterDrain("web");
        NetworkNamespace.await("reported", () -> events.size() == 1);
        handOver.onResume("web");
        serve();
        NetworkNamespace.await("told", () -> !heard().isEmpty());
        assertEquals(List.of("resume web-lo"), heard());
    }

    @Test
    void shouldNotTakeAnAddressForGivenBackBeforeItWas() throws Exception {
        handOver.onResume("web");
        NetworkNamespace.await("reported", () -> events.size() == 1);
        assertEquals(List.of(), List.copyOf(givenBack));
        handOver.configure(config(Optional.empty()));
        assertEquals(List.of("web"), List.copyOf(givenBack), "there is nobody to give it back");
        handOver.onResume("other");
        assertEquals(List.of("web", "other"), List.copyOf(givenBack));
    }

    @Test
    void shouldTellWhoIsConfiguredInsteadMeanwhile() throws Exception {
        AdminAddress nowhere = new AdminAddress.Unix(directory.resolve("nowhere.sock"));
        handOver.configure(config(Optional.of(new ThenConfig(nowhere, AdminCredentials.NONE, "web-lo"))));
        handOver.onResume("web");
        NetworkNamespace.await("reported", () -> events.size() == 1);
        serve();
        handOver.configure(config(Optional.of(new ThenConfig(address, AdminCredentials.NONE, "web-lo"))));
        NetworkNamespace.await("told", () -> heard().equals(List.of("resume web-lo")));
    }

    @Test
    void shouldForgetWhoIsNotConfiguredAnyMore() throws Exception {
        handOver.onWithdrawnAfterDrain("web");
        NetworkNamespace.await("reported", () -> events.size() == 1);
        handOver.configure(config(Optional.empty()));
        serve();
        TimeUnit.MILLISECONDS.sleep(1_200);
        assertEquals(List.of(), heard());
    }
}
