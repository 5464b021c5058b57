package io.penstock.config;

import java.util.List;
import java.util.stream.Stream;

/** Rules about which keys may stand beside each other. */
public final class KeyRules {
    private KeyRules() {}

    /** Reports keys that are given although nothing would read them. */
    public static void onlyFor(String what, ConfigSection section, String... keys) {
        for (String key : keys) {
            if (section.has(key) && section.isSound(key)) {
                section.problem(key, "is for " + what + " only");
            }
        }
    }

    /** Reports every key but the first of those that exclude each other, once nothing else is wrong with them. */
    public static void atMostOne(ConfigSection section, String... keys) {
        if (section.isSound(keys)) {
            List<String> given = Stream.of(keys).filter(section::has).toList();
            given.stream().skip(1).forEach(key -> section.problem(key, "cannot stand beside " + given.get(0)));
        }
    }

    public static boolean hasNone(ConfigSection section, String... keys) {
        return Stream.of(keys).noneMatch(section::has);
    }
}
