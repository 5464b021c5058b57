package io.penstock.ecmp.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import java.util.OptionalInt;

/** Reads {@code sysctls}: of each a number, or {@code keep}. */
final class SysctlReader {
    private static final String KEEP = "keep";

    private SysctlReader() {}

    static SysctlConfig read(ConfigSection sysctls) {
        SysctlConfig usual = SysctlConfig.DEFAULT;
        return new SysctlConfig(
                value(sysctls, "arp-ignore", usual.arpIgnore(), 8),
                value(sysctls, "arp-announce", usual.arpAnnounce(), 2),
                value(sysctls, "rp-filter", usual.rpFilter(), 2),
                value(sysctls, "multipath-hash", usual.multipathHash(), 3));
    }

    private static OptionalInt value(ConfigSection sysctls, String key, OptionalInt usual, int max) {
        return sysctls.optional(key).map(value -> value(value, max)).orElse(usual);
    }

    private static OptionalInt value(ConfigValue value, int max) {
        if (value.isScalar() && value.was().equals(KEEP)) {
            return OptionalInt.empty();
        }
        if (!value.isScalar() || !value.was().matches("[0-9]") || Integer.parseInt(value.was()) > max) {
            value.problem("must be a whole number from 0 to " + max + ", or " + KEEP);
            return OptionalInt.empty();
        }
        return value.integer(0, max);
    }
}
