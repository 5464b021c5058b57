package io.penstock.bgp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import java.util.Map;

/** Reads {@code require} of several services: how many of them a VIP cannot do without. */
final class ServicesRequired {
    /** Each is asked many times a second. */
    static final int MAX = 16;

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
        int atLeast = require.integer("at-least", 1, 1, MAX);
        if (KeyRules.hasNone(require, "at-least", "score")) {
            require.problem("at-least", "is needed");
        }
        KeyRules.onlyFor("checks", require, "score", "down-below");
        if (require.isSound("at-least") && atLeast > services) {
            require.problem("at-least", "must be at most as many as there are services (" + services + ")");
        }
        return atLeast;
    }
}
