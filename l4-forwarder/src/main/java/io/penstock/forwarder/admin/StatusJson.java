package io.penstock.forwarder.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.forwarder.operate.ForwarderStatus;
import io.penstock.forwarder.operate.ForwarderStatus.BackendStatus;
import io.penstock.forwarder.operate.ForwarderStatus.PoolStatus;
import io.penstock.forwarder.operate.ForwarderStatus.PortsLeft;
import io.penstock.forwarder.operate.ForwarderStatus.ServiceStatus;

/**
 * {@link ForwarderStatus} as the API has it. Written out rather than taken from the records, so that renaming a component
 * does not change what programs read.
 */
final class StatusJson {
    private StatusJson() {}

    static JsonObject of(ForwarderStatus status) {
        JsonObject json = new JsonObject();
        json.addProperty("state", status.state());
        json.addProperty("startedAt", status.startedAt().toString());
        json.addProperty("uptimeSeconds", Values.seconds(status.uptime()));
        json.addProperty("file", status.file());
        json.addProperty("workers", status.workers());
        json.addProperty("tableVersion", status.tableVersion());
        json.addProperty("connections", status.connections());
        json.addProperty("sessions", status.sessions().open());
        json.addProperty("sessionLimit", status.sessions().limit());
        json.add("lastReload", ReloadJson.of(status.lastReload()));
        json.addProperty("reloads", status.reloads());
        json.addProperty("refusedReloads", status.refusedReloads());
        json.add("differences", Values.texts(status.differences()));
        json.add("services", services(status).get("services"));
        json.add("pools", pools(status).get("pools"));
        JsonArray drains = new JsonArray();
        status.drains().forEach(drain -> drains.add(DrainJson.of(drain)));
        json.add("drains", drains);
        return json;
    }

    static JsonObject services(ForwarderStatus status) {
        JsonArray services = new JsonArray();
        status.services().forEach(service -> services.add(of(service)));
        return ForwarderApi.wrap("services", services);
    }

    static JsonObject of(ServiceStatus service) {
        JsonObject json = new JsonObject();
        json.addProperty("name", service.name());
        json.addProperty("protocol", service.protocol());
        json.add("listen", Values.texts(service.listen()));
        json.addProperty("pool", service.pool());
        json.addProperty("enabled", service.enabled());
        json.addProperty("connections", service.connections());
        json.addProperty("sessions", service.sessions());
        json.addProperty("accepted", service.accepted());
        TrafficJson.add(json, service);
        return json;
    }

    static JsonObject pools(ForwarderStatus status) {
        JsonArray pools = new JsonArray();
        status.pools().forEach(pool -> pools.add(of(pool)));
        return ForwarderApi.wrap("pools", pools);
    }

    static JsonObject of(PoolStatus pool) {
        JsonObject json = new JsonObject();
        json.addProperty("name", pool.name());
        json.addProperty("policy", pool.policy());
        json.addProperty("queued", pool.queued());
        TrafficJson.add(json, pool.traffic());
        JsonArray backends = new JsonArray();
        pool.backends().forEach(backend -> backends.add(of(backend)));
        json.add("backends", backends);
        return json;
    }

    static JsonObject of(BackendStatus backend) {
        JsonObject json = new JsonObject();
        json.addProperty("id", backend.id());
        json.addProperty("address", backend.address());
        json.addProperty("state", backend.state());
        json.addProperty("reason", backend.reason());
        json.addProperty("since", backend.since().toString());
        json.addProperty("weight", backend.weight());
        json.addProperty("open", backend.open());
        json.addProperty("pending", backend.pending());
        JsonArray portsLeft = new JsonArray();
        backend.portsLeft().forEach(ports -> portsLeft.add(of(ports)));
        json.add("portsLeft", portsLeft);
        TrafficJson.add(json, backend.traffic());
        json.addProperty("origin", backend.origin());
        backend.difference().ifPresent(difference -> json.addProperty("difference", difference));
        return json;
    }

    private static JsonObject of(PortsLeft ports) {
        JsonObject json = new JsonObject();
        json.addProperty("source", ports.source());
        json.addProperty("left", ports.left());
        return json;
    }
}
