package io.penstock.bgp.admin;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.penstock.admin.agent.AgentJson;
import io.penstock.agent.ReloadResult;
import io.penstock.bgp.operate.AgentStatus;
import io.penstock.bgp.operate.PeerStatus;
import io.penstock.bgp.operate.VipStatus;
import io.penstock.bgp.policy.Stance;
import io.penstock.bgp.route.PathAttributes;
import io.penstock.net.IpAddress;
import java.util.Optional;

/** The status as the API has it. */
final class StatusJson {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final AgentStatus status;
    private final long nowNs;
    private final AgentJson json;

    /** @param nowNs on the agent's clock */
    StatusJson(AgentStatus status, long nowNs) {
        this.status = status;
        this.nowNs = nowNs;
        json = new AgentJson(nowNs);
    }

    JsonObject status(ReloadResult lastReload) {
        JsonObject object = new JsonObject();
        object.addProperty("state", status.phase().label());
        object.addProperty("at", json.instant(status.atNs()));
        object.add("daemon", daemon());
        object.add("peers", AgentJson.array(status.peers(), StatusJson::peer));
        object.add("vips", AgentJson.array(status.vips(), this::vip));
        object.add("reload", AgentJson.of(lastReload));
        return object;
    }

    /** @param name of the only one; empty for all */
    JsonObject vips(Optional<String> name) {
        JsonObject object = new JsonObject();
        object.add(
                "vips",
                AgentJson.array(
                        status.vips().stream()
                                .filter(vip -> name.isEmpty()
                                        || name.get().equals(vip.config().name()))
                                .toList(),
                        this::vip));
        return object;
    }

    private JsonObject daemon() {
        JsonObject object = new JsonObject();
        object.addProperty("address", status.daemon());
        object.addProperty("state", status.link().label());
        object.addProperty("trouble", status.trouble());
        status.identity().ifPresent(identity -> {
            object.addProperty("asn", identity.asn());
            object.addProperty("routerId", identity.routerId());
        });
        object.addProperty("foreignPaths", status.foreign());
        return object;
    }

    private static JsonObject peer(PeerStatus peer) {
        JsonObject object = new JsonObject();
        object.addProperty("name", peer.name());
        object.addProperty("address", peer.view().address());
        object.addProperty("asn", peer.view().asn());
        object.addProperty("managed", peer.managed());
        object.addProperty("state", peer.view().state().label());
        object.addProperty("upSeconds", peer.view().upFor().toSeconds());
        object.addProperty("reason", peer.view().why());
        return object;
    }

    private JsonObject vip(VipStatus vip) {
        Stance stance = vip.stance();
        JsonObject object = new JsonObject();
        object.addProperty("name", vip.config().name());
        object.addProperty("prefix", vip.config().prefix().toString());
        vip.config().address().ifPresent(address -> object.addProperty("address", address.toString()));
        object.addProperty("state", stance.state().label());
        object.addProperty("since", json.instant(stance.sinceNs()));
        stance.untilNs()
                .ifPresent(untilNs -> object.addProperty("leftMs", Math.max(0, untilNs - nowNs) / NANOS_PER_MILLI));
        object.addProperty("reason", stance.reason());
        object.addProperty("health", vip.condition().level().label());
        object.addProperty("healthReason", vip.condition().reason());
        object.addProperty("present", vip.condition().present());
        vip.wanted().ifPresent(wanted -> object.add("wanted", attributes(wanted)));
        vip.announced().ifPresent(announced -> object.add("announced", attributes(announced)));
        object.add("sentTo", AgentJson.texts(vip.sentTo()));
        object.addProperty("foreign", vip.foreign());
        object.addProperty("trouble", vip.trouble());
        return object;
    }

    private static JsonObject attributes(PathAttributes attributes) {
        JsonObject object = new JsonObject();
        object.addProperty("text", attributes.toString());
        object.addProperty("origin", attributes.origin().label());
        object.addProperty(
                "nextHop", attributes.nextHop().map(IpAddress::toString).orElse("self"));
        object.add("asPath", AgentJson.array(attributes.asPath(), JsonPrimitive::new));
        attributes.med().ifPresent(med -> object.addProperty("med", med));
        attributes.localPref().ifPresent(localPref -> object.addProperty("localPref", localPref));
        object.add("communities", AgentJson.texts(attributes.communities()));
        object.add("extendedCommunities", AgentJson.texts(attributes.extendedCommunities()));
        object.add("largeCommunities", AgentJson.texts(attributes.largeCommunities()));
        return object;
    }
}
