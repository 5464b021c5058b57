package io.penstock.vrrp.config;

import io.penstock.config.CommandWords;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code hooks}. */
final class HookReader {
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    private HookReader() {}

    static List<HookConfig> read(ConfigValue value) {
        List<HookConfig> hooks = new ArrayList<>();
        for (ConfigValue item : value.items("a list of at least one hook, such as [{ command: [logger, vrrp] }]")) {
            item.section(HookReader::hook).ifPresent(hooks::add);
        }
        return hooks;
    }

    private static HookConfig hook(ConfigSection hook) {
        return new HookConfig(
                CommandWords.read(hook),
                hook.duration("timeout", HookConfig.DEFAULT_TIMEOUT, MIN_TIMEOUT, MAX_TIMEOUT));
    }
}
