package io.penstock.vrrp.admin;

import com.google.gson.JsonObject;
import io.penstock.admin.agent.AgentJson;
import io.penstock.agent.ReloadResult;
import io.penstock.metrics.BucketCounts;
import io.penstock.vrrp.address.VipView;
import io.penstock.vrrp.event.HookResult;
import io.penstock.vrrp.event.HookView;
import io.penstock.vrrp.operate.AgentStatus;
import io.penstock.vrrp.operate.GroupStatus;
import io.penstock.vrrp.operate.RouterCounter;
import io.penstock.vrrp.operate.RouterStatus;
import io.penstock.vrrp.protocol.RouterView;
import io.penstock.vrrp.track.TrackView;
import java.util.List;

/** The status as the API has it. */
final class StatusJson {
    private static final double MILLIS_PER_SECOND = 1_000;

    private final AgentStatus status;
    private final long nowNs;
    private final AgentJson clock;

    StatusJson(AgentStatus status, long nowNs) {
        this.status = status;
        this.nowNs = nowNs;
        clock = new AgentJson(nowNs);
    }

    JsonObject status(ReloadResult lastReload, List<HookView> hooks, BucketCounts lateness) {
        JsonObject json = new JsonObject();
        json.addProperty("state", status.phase().label());
        json.addProperty("trouble", status.trouble().orElse(""));
        json.addProperty("unknownVrids", status.unknownVrids());
        json.add("routers", AgentJson.array(status.routers(), this::router));
        json.add("groups", AgentJson.array(status.groups(), StatusJson::group));
        json.add("hooks", AgentJson.array(hooks, StatusJson::hook));
        json.add("lateness", lateness(lateness));
        json.add("reload", AgentJson.of(lastReload));
        return json;
    }

    JsonObject routers() {
        JsonObject json = new JsonObject();
        json.add("routers", AgentJson.array(status.routers(), this::router));
        return json;
    }

    private JsonObject router(RouterStatus router) {
        RouterView view = router.view();
        JsonObject json = new JsonObject();
        json.addProperty("name", router.config().name());
        json.addProperty("interface", router.config().interfaceName());
        json.addProperty("vrid", router.config().vrid());
        json.addProperty("version", router.config().version().number());
        json.addProperty("family", router.config().isIpv4() ? "ipv4" : "ipv6");
        json.addProperty("state", view.state().label());
        json.addProperty("since", clock.instant(view.sinceNs()));
        json.addProperty("reason", view.reason());
        json.addProperty("priority", view.priority());
        json.addProperty("configuredPriority", router.config().priority());
        json.addProperty("active", view.active().map(Object::toString).orElse(""));
        json.addProperty("activePriority", view.activePriority());
        json.addProperty("intervalMs", view.interval().toMillis());
        json.add("vips", AgentJson.array(router.vips(), this::vip));
        json.add("tracks", AgentJson.array(router.tracks(), StatusJson::track));
        JsonObject counters = new JsonObject();
        for (RouterCounter counter : RouterCounter.values()) {
            counters.addProperty(counter.metric(), router.counters().getOrDefault(counter, 0L));
        }
        json.add("counters", counters);
        return json;
    }

    private JsonObject vip(VipView vip) {
        JsonObject json = new JsonObject();
        json.addProperty("address", vip.address().toString());
        json.addProperty("prefixLength", vip.prefixBits());
        json.addProperty("interface", vip.interfaceName());
        json.addProperty("present", vip.present());
        json.addProperty("leaseLeftMs", VipHealth.leaseLeft(status, vip, nowNs).toMillis());
        return json;
    }

    private static JsonObject track(TrackView track) {
        JsonObject json = new JsonObject();
        json.addProperty("name", track.name());
        json.addProperty("kind", track.kind());
        json.addProperty("known", track.known());
        json.addProperty("up", track.up());
        json.addProperty("contribution", track.contribution());
        json.addProperty("fault", track.fault());
        json.addProperty("evidence", track.evidence());
        return json;
    }

    private static JsonObject group(GroupStatus group) {
        JsonObject json = new JsonObject();
        json.addProperty("name", group.name());
        json.addProperty("state", group.state().label());
        json.add("routers", AgentJson.texts(group.routers()));
        return json;
    }

    private static JsonObject hook(HookView hook) {
        JsonObject json = new JsonObject();
        json.addProperty("name", hook.name());
        json.addProperty("queued", hook.queued());
        json.addProperty("missed", hook.missed());
        JsonObject runs = new JsonObject();
        for (HookResult result : HookResult.values()) {
            runs.addProperty(result.label(), hook.runs().getOrDefault(result, 0L));
        }
        json.add("runs", runs);
        json.addProperty("last", hook.last());
        return json;
    }

    /** Upper bounds of the buckets that the quantiles are in. */
    private static JsonObject lateness(BucketCounts lateness) {
        JsonObject json = new JsonObject();
        json.addProperty("deadlines", lateness.count());
        json.addProperty("medianMs", lateness.quantileBound(0.5) * MILLIS_PER_SECOND);
        json.addProperty("p99Ms", lateness.quantileBound(0.99) * MILLIS_PER_SECOND);
        return json;
    }
}
