package io.penstock.bgp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import java.util.Map;

/** Reads {@code require} of several services: how many of them a VIP cannot do without. */
final class ServicesRequired {
    private static final int MAX = 64;
    private static final Map<String, Boolean> WORDS = Map.of("all", true, "any", false);

    private ServicesRequired() {}

    /** @param services how many there are */
    static int read(ConfigValue require, int services) {
        if (require.isMapping()) {
            return require.section(section -> counted(section, services)).orElse(services);
        }
        return require.oneOf(WORDS).orElse(true) ? services : 1;
    }

    private static int counted(ConfigSection require, int services) {
        int atLeast = require.required("at-least")
                .map(value -> value.integer(1, MAX).orElse(1))
                .orElse(1);
        if (require.isSound("at-least") && atLeast > services) {
            require.problem("at-least", "must be at most as many as there are services (" + services + ")");
        }
        return atLeast;
    }
}
