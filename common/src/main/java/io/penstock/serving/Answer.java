package io.penstock.serving;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.Json;
import io.penstock.net.IpAddress;
import io.penstock.serving.VipVerdict.Kind;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What a forwarder says of a VIP, by its {@code GET /v1/health/vips} or {@code GET /v1/health/vips/ADDRESS}.
 *
 * @param degraded whether a VIP that is served is so with less than everything
 * @param reason for people
 */
record Answer(Kind kind, boolean degraded, String reason) {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    Answer(Kind kind, String reason) {
        this(kind, false, reason);
    }

    /** Nobody has answered, or nothing that can be understood. */
    static Answer missing(String reason) {
        return new Answer(Kind.NOT_SERVED, reason);
    }

    /** From the answer for one address. */
    static Answer ofOne(Reply reply, IpAddress vip) {
        return switch (reply.status()) {
            case OK, UNAVAILABLE -> parse(reply.body(), Answer::of, Answer::missing);
            case NOT_FOUND -> nobodyListens(vip);
            default -> refusal(reply);
        };
    }

    /** From the answer for all addresses: what it says of any that is asked for. */
    static Function<IpAddress, Answer> ofAll(Reply reply) {
        if (reply.status() != OK) {
            Answer refusal = refusal(reply);
            return vip -> refusal;
        }
        return parse(reply.body(), Answer::byAddress, reason -> vip -> missing(reason));
    }

    private static Function<IpAddress, Answer> byAddress(JsonObject body) {
        Map<IpAddress, Answer> answers = new HashMap<>();
        for (JsonElement vip : body.getAsJsonArray("vips")) {
            JsonObject object = vip.getAsJsonObject();
            IpAddress.parse(object.get("vip").getAsString()).ifPresent(address -> answers.put(address, of(object)));
        }
        return vip -> {
            // Who listens on every address is named by these two, and is on an address of its own included there.
            Answer everywhere = answers.get(vip.isIpv4() ? IpAddress.ANY_IPV4 : IpAddress.ANY_IPV6);
            return answers.getOrDefault(vip, everywhere == null ? nobodyListens(vip) : everywhere);
        };
    }

    /** The form is the forwarder's; anything else is no answer. */
    private static <T> T parse(String body, Function<JsonObject, T> read, Function<String, T> unreadable) {
        try {
            return read.apply(Json.parse(body).getAsJsonObject());
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | NullPointerException
                | ClassCastException e) {
            return unreadable.apply("the answer is not what a forwarder says");
        }
    }

    private static Answer of(JsonObject vip) {
        String reason = vip.get("reason").getAsString();
        String state = vip.get("state").getAsString();
        return switch (state) {
            case "served", "degraded" -> new Answer(Kind.SERVED, state.equals("degraded"), reason);
            case "draining" -> new Answer(Kind.DRAINING, reason.isEmpty() ? "the forwarder drains" : reason);
            case "unknown" -> new Answer(Kind.UNKNOWN, reason);
            case "not-served" -> new Answer(Kind.NOT_SERVED, reason);
            default -> missing("the forwarder says '" + state + "', which is none of its states");
        };
    }

    private static Answer nobodyListens(IpAddress vip) {
        return missing("no service of the forwarder listens on " + vip);
    }

    private static Answer refusal(Reply reply) {
        return missing("the forwarder answers " + reply.status());
    }
}
