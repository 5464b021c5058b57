package io.penstock.forwarder.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.forwarder.operate.PoolHealth;
import io.penstock.forwarder.operate.PoolHealth.BackendHealth;
import io.penstock.forwarder.operate.PoolHealth.CheckResult;
import io.penstock.forwarder.operate.ServiceHealth;
import io.penstock.forwarder.operate.ServiceHealth.Listen;
import io.penstock.forwarder.operate.VipHealth;
import java.util.List;

/** What is known of health, as the API has it. */
final class HealthJson {
    private HealthJson() {}

    static JsonObject vips(List<VipHealth> vips) {
        JsonArray array = new JsonArray();
        vips.forEach(vip -> array.add(of(vip)));
        return ForwarderApi.wrap("vips", array);
    }

    static JsonObject of(VipHealth vip) {
        JsonObject json = new JsonObject();
        json.addProperty("vip", vip.vip().toString());
        json.addProperty("served", vip.state().isServed());
        json.addProperty("state", vip.state().label());
        json.addProperty("reason", vip.reason());
        JsonArray services = new JsonArray();
        vip.services().forEach(service -> services.add(of(service)));
        json.add("services", services);
        return json;
    }

    private static JsonObject of(ServiceHealth service) {
        JsonObject json = new JsonObject();
        json.addProperty("name", service.name());
        json.addProperty("protocol", service.protocol());
        json.add(
                "listen",
                Values.texts(service.listen().stream().map(Listen::text).toList()));
        json.addProperty("pool", service.pool());
        json.addProperty("enabled", service.enabled());
        json.addProperty("state", service.state().label());
        json.addProperty("reason", service.reason());
        json.addProperty("backendsUp", service.backendsUp());
        json.addProperty("backends", service.backends());
        json.addProperty("panic", service.panic());
        return json;
    }

    static JsonObject pools(List<PoolHealth> pools) {
        JsonArray array = new JsonArray();
        pools.forEach(pool -> array.add(of(pool)));
        return ForwarderApi.wrap("pools", array);
    }

    private static JsonObject of(PoolHealth pool) {
        JsonObject json = new JsonObject();
        json.addProperty("name", pool.name());
        json.addProperty("state", pool.state().label());
        json.addProperty("reason", pool.reason());
        json.addProperty("backendsUp", pool.backendsUp());
        json.addProperty("panic", pool.panic());
        JsonArray backends = new JsonArray();
        pool.backends().forEach(backend -> backends.add(of(backend)));
        json.add("backends", backends);
        return json;
    }

    private static JsonObject of(BackendHealth backend) {
        JsonObject json = new JsonObject();
        json.addProperty("id", backend.id());
        json.addProperty("address", backend.address());
        json.addProperty("state", backend.state());
        json.addProperty("reason", backend.reason());
        json.addProperty("evidence", backend.evidence());
        json.addProperty("since", backend.since().toString());
        JsonArray checks = new JsonArray();
        backend.checks().forEach(check -> checks.add(of(check)));
        json.add("checks", checks);
        return json;
    }

    private static JsonObject of(CheckResult check) {
        JsonObject json = new JsonObject();
        json.addProperty("name", check.name());
        json.addProperty("result", check.result());
        json.addProperty("evidence", check.evidence());
        json.addProperty("at", check.at().toString());
        json.addProperty("tookMs", check.took().toNanos() / 1e6);
        return json;
    }
}
