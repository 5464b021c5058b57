package io.penstock.forwarder.reload;

import io.penstock.config.InvalidConfigException;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.OfferedBackend;
import io.penstock.forwarder.operate.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The operator's changes as text, for the process that takes over. A line each, words between single spaces, since names and
 * addresses have none:
 *
 * <pre>
 *   overrides 1
 *   add POOL ID ADDRESS WEIGHT
 *   remove POOL ID
 *   state POOL ID ready|drain|maintenance
 *   weight POOL ID WEIGHT
 *   disable SERVICE
 * </pre>
 */
final class OverridesText {
    private static final String FIRST_LINE = "overrides 1";

    private OverridesText() {}

    static String of(Overrides overrides) {
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        overrides.backends().forEach((name, change) -> {
            change.added().ifPresent(backend -> line(text, "add", name, address(backend) + " " + backend.weight()));
            if (change.removed()) {
                line(text, "remove", name, "");
            }
            change.state()
                    .ifPresent(state -> line(text, "state", name, state.name().toLowerCase(Locale.ROOT)));
            change.weight().ifPresent(weight -> line(text, "weight", name, weight.toString()));
        });
        overrides
                .closedServices()
                .forEach(service -> text.append("disable ").append(service).append('\n'));
        return text.toString();
    }

    private static void line(StringBuilder text, String verb, BackendName name, String rest) {
        text.append(verb).append(' ').append(name.pool()).append(' ').append(name.id());
        text.append(rest.isEmpty() ? "" : " ").append(rest).append('\n');
    }

    static String address(BackendConfig backend) {
        String host = backend.unix().isPresent() || backend.host().indexOf(':') < 0
                ? backend.host()
                : "[" + backend.host() + "]";
        return backend.port() == BackendConfig.CLIENTS_PORT ? host : host + ":" + backend.port();
    }

    /** @param unusable lines that say nothing that can be done with this file */
    record Parsed(Overrides overrides, List<String> unusable) {}

    /**
     * As {@link #of} wrote them, whether or not they apply to this file.
     *
     * @param file whose pools have the rules for backends that are added
     * @throws RefusedException for text that is not of this version, or that no forwarder wrote
     */
    static Parsed parse(String text, ForwarderConfig file) throws RefusedException {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(FIRST_LINE)) {
            throw RefusedException.because("these overrides are of another version");
        }
        Overrides overrides = Overrides.NONE;
        List<String> unusable = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            try {
                overrides = with(overrides, line.split(" ", -1), file);
            } catch (IllegalArgumentException | IndexOutOfBoundsException | InvalidConfigException e) {
                unusable.add(line);
            }
        }
        return new Parsed(overrides, List.copyOf(unusable));
    }

    private static Overrides with(Overrides before, String[] words, ForwarderConfig file) {
        if (words[0].equals("disable")) {
            return before.withService(words[1], false);
        }
        BackendName name = new BackendName(words[1], words[2]);
        BackendOverride known = before.of(name).orElse(BackendOverride.NONE);
        return switch (words[0]) {
            case "add" -> before.with(name, added(file, name, words[3], weight(words[4])));
            case "remove" -> before.with(name, BackendOverride.REMOVED);
            case "state" ->
                before.with(
                        name,
                        known.with(
                                Optional.of(BackendConfig.State.valueOf(words[3].toUpperCase(Locale.ROOT))),
                                Optional.empty()));
            case "weight" -> before.with(name, known.with(Optional.empty(), Optional.of(weight(words[3]))));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private static BackendOverride added(ForwarderConfig file, BackendName name, String address, int weight) {
        if (!file.pools().containsKey(name.pool())) {
            throw new IllegalArgumentException("no pool " + name.pool());
        }
        return BackendOverride.adds(OfferedBackend.read(file, name.pool(), name.id(), address, weight));
    }

    private static int weight(String word) {
        int weight = Integer.parseInt(word);
        if (weight < 0 || weight > BackendConfig.MAX_WEIGHT) {
            throw new IllegalArgumentException(word);
        }
        return weight;
    }
}
