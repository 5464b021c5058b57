package io.penstock.ecmp.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.agent.ReloadResult;
import io.penstock.ecmp.host.VipView;
import io.penstock.ecmp.operate.AgentStatus;
import io.penstock.ecmp.router.LegView;
import io.penstock.ecmp.router.RouteView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The status as the API has it. Instants of the agent's clock become those of the world's by how long ago they were. */
final class StatusJson {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final AgentStatus status;
    private final long nowNs;
    private final Instant now = Instant.now();

    StatusJson(AgentStatus status, long nowNs) {
        this.status = status;
        this.nowNs = nowNs;
    }

    JsonObject status(ReloadResult lastReload) {
        JsonObject json = new JsonObject();
        json.addProperty("state", status.phase().label());
        json.addProperty("trouble", status.trouble().orElse(""));
        json.add("vips", array(status.vips(), this::vip));
        json.add("routes", array(status.routes(), this::route));
        json.add("conflicts", texts(status.conflicts()));
        json.add("reload", of(lastReload));
        return json;
    }

    JsonObject leases() {
        return wrap(
                "leases",
                array(
                        status.vips().stream()
                                .filter(vip -> vip.state().isPresent())
                                .toList(),
                        this::lease));
    }

    JsonObject healthOfAll() {
        return wrap("vips", array(status.vips(), this::health));
    }

    /** In the words of a forwarder, so that whoever announces addresses may ask either. */
    JsonObject health(VipView vip) {
        JsonObject json = new JsonObject();
        json.addProperty("vip", vip.address().toString());
        json.addProperty("name", vip.name());
        json.addProperty("served", status.isAnnounced(vip, nowNs));
        json.addProperty("state", vip.state().word());
        json.addProperty("reason", vip.reason());
        return json;
    }

    private JsonObject vip(VipView vip) {
        JsonObject json = new JsonObject();
        json.addProperty("name", vip.name());
        json.addProperty("address", vip.address().toString());
        json.addProperty("interface", vip.interfaceName());
        json.addProperty("state", vip.state().word());
        json.addProperty("announced", status.isAnnounced(vip, nowNs));
        json.addProperty("reason", vip.reason());
        json.addProperty("since", ago(vip.sinceNs()).toString());
        json.addProperty("health", word(vip.verdict().kind()));
        json.addProperty("healthReason", vip.verdict().reason());
        json.addProperty("leaseLeftMs", status.leaseLeftNs(vip, nowNs) / NANOS_PER_MILLI);
        json.addProperty("refreshes", vip.refreshes());
        json.addProperty("lapses", vip.lapses());
        json.addProperty("removals", vip.removals());
        return json;
    }

    private JsonObject lease(VipView vip) {
        JsonObject json = new JsonObject();
        json.addProperty("name", vip.name());
        json.addProperty("address", vip.address().toString());
        json.addProperty("interface", vip.interfaceName());
        json.addProperty("leaseLeftMs", status.leaseLeftNs(vip, nowNs) / NANOS_PER_MILLI);
        return json;
    }

    private JsonObject route(RouteView route) {
        JsonObject json = new JsonObject();
        json.addProperty("name", route.name());
        json.addProperty("prefix", route.prefix().toString());
        json.addProperty("table", route.table());
        json.addProperty("metric", route.metric());
        json.addProperty("type", route.resilient() ? "resilient" : "multipath");
        json.addProperty("group", route.group());
        json.addProperty("state", route.state().word());
        json.addProperty("reason", route.reason());
        json.addProperty("since", ago(route.sinceNs()).toString());
        json.add("legs", array(route.legs(), this::leg));
        return json;
    }

    private JsonObject leg(LegView leg) {
        JsonObject json = new JsonObject();
        json.addProperty("id", leg.id());
        json.addProperty("via", leg.gateway().toString());
        json.addProperty("interface", leg.interfaceName());
        json.addProperty("weight", leg.weight());
        json.addProperty("state", leg.state().word());
        json.addProperty("used", leg.used());
        json.addProperty("reason", leg.reason());
        json.addProperty("since", ago(leg.sinceNs()).toString());
        return json;
    }

    static JsonObject of(ReloadResult result) {
        JsonObject json = new JsonObject();
        json.addProperty("at", result.at().toString());
        json.addProperty("trigger", result.trigger());
        json.addProperty("applied", result.applied());
        json.add("problems", texts(result.problems()));
        json.add("needRestart", texts(result.needRestart()));
        if (!result.applied()) {
            json.addProperty("error", "the configuration was refused and nothing changed");
        }
        return json;
    }

    private Instant ago(long atNs) {
        return now.minusNanos(nowNs - atNs).truncatedTo(ChronoUnit.MILLIS);
    }

    /** One word, as users see it. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <T> JsonArray array(List<T> values, Function<T, JsonObject> json) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(json.apply(value)));
        return array;
    }

    private static JsonArray texts(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    private static JsonObject wrap(String name, JsonArray values) {
        JsonObject json = new JsonObject();
        json.add(name, values);
        return json;
    }
}
