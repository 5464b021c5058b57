package io.penstock.ecmp.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.admin.agent.AgentJson;
import io.penstock.agent.ReloadResult;
import io.penstock.ecmp.host.VipView;
import io.penstock.ecmp.operate.AgentStatus;
import io.penstock.ecmp.router.LegView;
import io.penstock.ecmp.router.RouteView;
import java.util.Locale;

/** The status as the API has it. */
final class StatusJson {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final AgentStatus status;
    private final long nowNs;
    private final AgentJson clock;

    StatusJson(AgentStatus status, long nowNs) {
        this.status = status;
        this.nowNs = nowNs;
        clock = new AgentJson(nowNs);
    }

    JsonObject status(ReloadResult lastReload) {
        JsonObject json = new JsonObject();
        json.addProperty("state", status.phase().label());
        json.addProperty("trouble", status.trouble().orElse(""));
        json.add("vips", AgentJson.array(status.vips(), this::vip));
        json.add("routes", AgentJson.array(status.routes(), this::route));
        json.add("conflicts", AgentJson.texts(status.conflicts()));
        json.add("reload", AgentJson.of(lastReload));
        return json;
    }

    JsonObject leases() {
        return wrap(
                "leases",
                AgentJson.array(
                        status.vips().stream()
                                .filter(vip -> vip.state().isPresent())
                                .toList(),
                        this::lease));
    }

    private JsonObject vip(VipView vip) {
        JsonObject json = new JsonObject();
        json.addProperty("name", vip.name());
        json.addProperty("address", vip.address().toString());
        json.addProperty("interface", vip.interfaceName());
        json.addProperty("state", vip.state().word());
        json.addProperty("announced", status.isAnnounced(vip, nowNs));
        json.addProperty("reason", vip.reason());
        json.addProperty("since", clock.instant(vip.sinceNs()));
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
        json.addProperty("since", clock.instant(route.sinceNs()));
        json.add("legs", AgentJson.array(route.legs(), this::leg));
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
        json.addProperty("since", clock.instant(leg.sinceNs()));
        return json;
    }

    /** One word, as users see it. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static JsonObject wrap(String name, JsonArray values) {
        JsonObject json = new JsonObject();
        json.add(name, values);
        return json;
    }
}
