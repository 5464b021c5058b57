package io.penstock.admin.agent;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import io.penstock.net.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/**
 * Routes that every agent has: whether it lives and runs, its metrics, its description, whether its VIPs are served, in the words of a
 * forwarder so that whoever announces addresses may ask either, and the reload of its file. And how orders are answered.
 */
public final class AgentRoutes {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;
    private static final String DESCRIPTION = "openapi.json";

    private final AgentViews agent;
    private final MetricsPage metrics;
    private final Class<?> api;

    /** @param api beside which {@code openapi.json} describes all routes */
    public AgentRoutes(AgentViews agent, MetricsPage metrics, Class<?> api) {
        this.agent = agent;
        this.metrics = metrics;
        this.api = api;
    }

    public void addTo(Router router) {
        router.get("/healthz", request -> AdminResponse.text(OK, "alive"))
                .get("/readyz", request -> AdminResponse.text(agent.isRunning() ? OK : UNAVAILABLE, agent.phase()))
                .get("/metrics", metrics::scrape)
                .get("/v1/openapi.json", request -> AdminResponse.of(OK, "application/json", description(api)))
                .get("/v1/health/vips", request -> vips())
                .get("/v1/health/vips/{vip}", this::vip)
                .post("/v1/reload", this::reload);
    }

    /** Read for each who asks, which is seldom. */
    public static byte[] description(Class<?> api) {
        try (InputStream in = api.getResourceAsStream(DESCRIPTION)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AdminResponse vips() {
        return AdminResponse.json(healthOfAll());
    }

    /** The answer of {@code /v1/health/vips}. */
    public JsonObject healthOfAll() {
        JsonArray vips = new JsonArray();
        agent.vips().forEach(vip -> vips.add(vip.json()));
        JsonObject json = new JsonObject();
        json.add("vips", vips);
        return json;
    }

    /** The HTTP status says it too, for those who look at nothing else. */
    private AdminResponse vip(AdminRequest request) throws RequestException {
        String text = request.segment("vip");
        IpAddress address =
                IpAddress.parse(text).orElseThrow(() -> RequestException.badRequest("'" + text + "' is no IP address"));
        VipAnswer vip = agent.vip(address)
                .orElseThrow(() -> RequestException.notFound("no VIP of this agent has the address " + address));
        return AdminResponse.json(vip.served() ? OK : UNAVAILABLE, vip.json());
    }

    private AdminResponse reload(AdminRequest request) throws RequestException {
        boolean unused = request.json(body -> true);
        ReloadResult result = agent.reload("api");
        return AdminResponse.json(result.applied() ? OK : UNPROCESSABLE, AgentJson.of(result));
    }

    /** Something that an agent is told to do. */
    public interface Order {
        void give() throws RefusedException;
    }

    /**
     * Gives an order. What it leads to takes its time: the status shows how far it is.
     *
     * @param outcome what it led to at first
     */
    public static AdminResponse ordered(Order order, Supplier<JsonObject> outcome) throws RequestException {
        try {
            order.give();
            return AdminResponse.json(ACCEPTED, outcome.get());
        } catch (RefusedException e) {
            throw new RequestException(e.isUnknown() ? NOT_FOUND : CONFLICT, e.getMessage());
        }
    }
}
