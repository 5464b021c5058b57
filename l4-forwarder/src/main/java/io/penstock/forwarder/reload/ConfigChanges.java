package io.penstock.forwarder.reload;

import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.PoolConfig;
import io.penstock.forwarder.config.ServiceConfig;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What is different between two configurations, in words. Goes through the components of the records, so that a setting
 * that is new in one of them cannot be forgotten here.
 */
final class ConfigChanges {
    /** Looked at once, when the process starts. */
    private static final Set<String> AT_START = Set.of("workers", "splice", "warm-up");

    /** Said of their parts, or no settings at all. */
    private static final Set<String> IN_PARTS =
            Set.of("file", "flow-hash", "process", "services", "pools", "named-files", "document");

    private final List<String> lines = new ArrayList<>();

    private ConfigChanges() {}

    /** A line for each change, such as {@code pool web: backend web-3 added}; empty when they are the same. */
    static List<String> between(ForwarderConfig before, ForwarderConfig after) {
        ConfigChanges changes = new ConfigChanges();
        changes.ofTop(before, after);
        changes.ofNamed("service ", before.services(), after.services(), changes::ofService);
        changes.ofNamed("pool ", before.pools(), after.pools(), changes::ofPool);
        return List.copyOf(changes.lines);
    }

    /** Settings that differ and are looked at only when the process starts. */
    static List<String> needRestart(ForwarderConfig started, ForwarderConfig file) {
        List<String> settings = new ArrayList<>();
        components(started, file, (name, values) -> {
            if (AT_START.contains(name)) {
                settings.add(name);
            }
        });
        components(started.process(), file.process(), (name, values) -> settings.add(name));
        started.xdp().ifPresent(before -> file.xdp().ifPresent(now -> {
            if (!before.name().equals(now.name())) {
                settings.add("xdp.name");
            }
            if (before.flowEntries() != now.flowEntries()) {
                settings.add("xdp.flow-table.entries");
            }
        }));
        return List.copyOf(settings);
    }

    private void ofTop(ForwarderConfig before, ForwarderConfig after) {
        boolean sameKey = before.sharedSecret() == after.sharedSecret()
                && (!after.sharedSecret() || before.flowHash().equals(after.flowHash()));
        if (!sameKey) {
            lines.add("secret-file changed: clients may go to other backends");
        }
        components(before, after, (name, values) -> {
            if (!AT_START.contains(name) && !IN_PARTS.contains(name) && !name.equals("shared-secret")) {
                lines.add(name + values);
            }
        });
    }

    private void ofService(String where, Change<ServiceConfig> service) {
        components(service.before, service.after, (name, values) -> {
            if (name.equals("listen")) {
                ofSet(where + "listen ", service.before.listen(), service.after.listen());
            } else {
                lines.add(where + name + values);
            }
        });
    }

    private void ofPool(String where, Change<PoolConfig> pool) {
        components(pool.before, pool.after, (name, values) -> {
            if (name.equals("backends")) {
                int before = lines.size();
                ofNamed(where + "backend ", byId(pool.before), byId(pool.after), this::ofBackend);
                if (lines.size() == before) {
                    lines.add(where + "backends in another order");
                }
            } else {
                lines.add(where + name + values);
            }
        });
    }

    private void ofBackend(String where, Change<BackendConfig> backend) {
        components(backend.before, backend.after, (name, values) -> lines.add(where + name + values));
    }

    private static Map<String, BackendConfig> byId(PoolConfig pool) {
        Map<String, BackendConfig> backends = new LinkedHashMap<>();
        pool.backends().forEach(backend -> backends.put(backend.id(), backend));
        return backends;
    }

    private record Change<T>(T before, T after) {}

    private <T> void ofNamed(
            String what, Map<String, T> before, Map<String, T> after, BiConsumer<String, Change<T>> inside) {
        ofSet(what, before.keySet(), after.keySet());
        after.forEach((name, value) -> {
            T old = before.get(name);
            if (old != null && !old.equals(value)) {
                inside.accept(what + name + ": ", new Change<>(old, value));
            }
        });
    }

    private void ofSet(String what, Iterable<?> before, Iterable<?> after) {
        Set<Object> gone = new LinkedHashSet<>();
        before.forEach(gone::add);
        Set<Object> come = new LinkedHashSet<>();
        after.forEach(one -> {
            if (!gone.remove(one)) {
                come.add(one);
            }
        });
        come.forEach(one -> lines.add(what + one + " added"));
        gone.forEach(one -> lines.add(what + one + " removed"));
    }

    /** Those that differ: their names as in the file, and how they changed. */
    private static void components(Record before, Record after, BiConsumer<String, String> told) {
        for (RecordComponent component : before.getClass().getRecordComponents()) {
            Object old = value(component, before);
            Object now = value(component, after);
            if (!old.equals(now)) {
                boolean plain = isPlain(old) && isPlain(now);
                told.accept(name(component), plain ? " " + text(old) + " -> " + text(now) : " changed");
            }
        }
    }

    private static Object value(RecordComponent component, Record of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isPlain(Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean || value instanceof Enum;
    }

    private static String text(Object value) {
        return value instanceof Enum<?> word ? word.name().toLowerCase(Locale.ROOT) : value.toString();
    }

    private static String name(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
