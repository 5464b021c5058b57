package io.penstock.vrrp.event;

import com.google.gson.JsonObject;
import io.penstock.admin.events.EventJson;
import io.penstock.events.Event;
import io.penstock.vrrp.event.VrrpEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What a hook is told of an event. */
final class HookInput {
    private static final String PREFIX = "PENSTOCK_";

    private HookInput() {}

    /** @param missed events before it that the hook was not told */
    static Map<String, String> environment(Event event, long missed) {
        Map<String, String> environment = new HashMap<>();
        environment.put("REPLAY", "false");
        event.details().values().forEach((name, value) -> environment.put(variable(name), value.toString()));
        environment.put("EVENT", event.type().label());
        environment.put("ID", Long.toString(event.id()));
        environment.put("AT", event.at().toString());
        environment.put("LEVEL", event.level().label());
        environment.put("TEXT", event.text());
        environment.put("MISSED", Long.toString(missed));
        if (event.type() == Kind.GROUP) {
            environment.put("GROUP", event.subject());
        } else if (!event.subject().equals(VrrpEvent.AGENT)) {
            environment.put("ROUTER", event.subject());
        }
        Map<String, String> named = new HashMap<>();
        // An environment has no NUL.
        environment.forEach((name, value) -> named.put(PREFIX + name, value.replace('\0', '?')));
        return named;
    }

    private static String variable(String detail) {
        return detail.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** The event as the API has it, in one line, with the key {@code missed}. */
    static byte[] line(Event event, long missed) {
        JsonObject json = EventJson.of(event);
        json.addProperty("missed", missed);
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
