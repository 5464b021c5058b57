package io.penstock.forwarder.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.RequestException;
import io.penstock.admin.Router;
import io.penstock.forwarder.xdp.PlaneFigures;
import io.penstock.forwarder.xdp.PlaneFigures.Volume;
import io.penstock.forwarder.xdp.PlaneStatus;
import io.penstock.forwarder.xdp.PlaneView;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The data plane of packets: where it is attached, what is in its maps, and what its program counted. */
final class XdpRoutes {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final Volume NOTHING = new Volume(0, 0);

    private final Supplier<Optional<PlaneView>> plane;

    private final Supplier<String> absence;

    /** @param absence why there is none, as long as there is none */
    XdpRoutes(Supplier<Optional<PlaneView>> plane, Supplier<String> absence) {
        this.plane = plane;
        this.absence = absence;
    }

    void addTo(Router router) {
        router.get("/v1/xdp", request -> answer());
    }

    private AdminResponse answer() throws RequestException {
        PlaneView view =
                plane.get().orElseThrow(() -> RequestException.notFound("no XDP data plane: " + absence.get()));
        return AdminResponse.json(json(view.status(), view.figures(), System.nanoTime()));
    }

    private static JsonObject json(PlaneStatus status, PlaneFigures figures, long nowNs) {
        JsonObject json = new JsonObject();
        json.addProperty("name", status.name());
        json.addProperty("version", status.version());
        json.addProperty("rings", status.rings());
        json.addProperty("leaseSeconds", seconds(status.leaseLeftNs(nowNs)));
        JsonArray interfaces = new JsonArray();
        status.interfaces().forEach(each -> interfaces.add(json(each)));
        json.add("interfaces", interfaces);
        JsonArray services = new JsonArray();
        status.services().forEach(service -> services.add(json(service, nowNs)));
        json.add("services", services);
        JsonArray backends = new JsonArray();
        status.backends()
                .forEach(
                        backend -> backends.add(json(backend, figures.backends().getOrDefault(backend.id(), NOTHING))));
        json.add("backends", backends);
        JsonObject counters = new JsonObject();
        figures.counters().forEach((counter, count) -> counters.addProperty(counter.label(), count));
        json.add("counters", counters);
        json.add("troubles", Values.texts(status.troubles()));
        return json;
    }

    private static double seconds(long ns) {
        return Math.max(0, ns) / NANOS_PER_SECOND;
    }

    private static JsonObject json(PlaneStatus.Interface each) {
        JsonObject json = new JsonObject();
        json.addProperty("name", each.name());
        json.addProperty("mode", each.mode());
        return json;
    }

    private static JsonObject json(PlaneStatus.Service service, long nowNs) {
        JsonObject json = new JsonObject();
        json.addProperty("index", service.index());
        json.addProperty("name", service.name());
        json.addProperty("encapsulation", service.encapsulation().name().toLowerCase(Locale.ROOT));
        json.add("vips", Values.texts(service.vips()));
        json.addProperty("ring", service.ring());
        json.addProperty("windowSeconds", service.windowEndNs() == 0 ? 0 : seconds(service.windowEndNs() - nowNs));
        json.addProperty("held", service.held());
        return json;
    }

    private static JsonObject json(PlaneStatus.Backend backend, Volume volume) {
        JsonObject json = new JsonObject();
        json.addProperty("id", backend.id());
        json.addProperty("service", backend.service());
        json.addProperty("pool", backend.pool());
        json.addProperty("name", backend.name());
        json.addProperty("address", backend.address().toString());
        json.addProperty("encapsulation", backend.encapsulation().name().toLowerCase(Locale.ROOT));
        json.addProperty("state", backend.state());
        json.addProperty("nextHop", backend.nextHop());
        json.addProperty("packets", volume.packets());
        json.addProperty("bytes", volume.octets());
        return json;
    }
}
