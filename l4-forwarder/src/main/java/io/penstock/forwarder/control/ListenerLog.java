package io.penstock.forwarder.control;

import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.config.ListenConfig;
import io.penstock.forwarder.config.ServiceConfig;
import io.penstock.forwarder.events.EventType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Tells which addresses come to be listened on, and which are not any more; a range of ports is one. The control thread's. */
final class ListenerLog {
    private final EventLog events;

    /** The service of each. */
    private Map<Entry, String> listening = Map.of();

    private record Entry(ListenConfig listen, String protocol) {}

    ListenerLog(EventLog events) {
        this.events = events;
    }

    /** The sockets of these services are open, and no others. */
    void onListening(Collection<ServiceConfig> services) {
        Map<Entry, String> now = new LinkedHashMap<>();
        services.stream().filter(service -> !service.isDsr()).forEach(service -> service.listen()
                .forEach(listen -> now.put(
                        new Entry(listen, service.protocol().name().toLowerCase(Locale.ROOT)), service.name())));
        listening.forEach((entry, service) -> {
            if (!now.containsKey(entry)) {
                tell(entry, service, false);
            }
        });
        now.forEach((entry, service) -> {
            if (!service.equals(listening.get(entry))) {
                tell(entry, service, true);
            }
        });
        listening = now;
    }

    private void tell(Entry entry, String service, boolean open) {
        events.add(
                EventType.LISTENER,
                Level.INFO,
                entry.listen.toString(),
                (open ? "open for service " : "closed; was of service ") + service + " (" + entry.protocol + ")",
                EventDetails.of("service", service)
                        .and("protocol", entry.protocol)
                        .and("open", open));
    }
}
