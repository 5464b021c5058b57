package io.penstock.vrrp.config;

import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.MetricLabel;
import io.penstock.config.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code groups}. */
final class GroupReader {
    private static final String EXPECTED = "a list of at least two routers, such as [web, web6]";

    private final List<String> routers;
    private final Map<String, Integer> lineByRouter = new HashMap<>();

    /** @param routers all that the file has, whether or not they are right */
    GroupReader(List<String> routers) {
        this.routers = routers;
    }

    Map<String, GroupConfig> read(ConfigValue value) {
        Map<String, GroupConfig> groups = new LinkedHashMap<>();
        for (NamedValue entry : value.named("a mapping of names to lists of routers, with at least one")) {
            MetricLabel.check(entry.name(), entry.key());
            groups.put(entry.name(), new GroupConfig(entry.name(), members(entry.value())));
        }
        return groups;
    }

    private List<String> members(ConfigValue value) {
        List<ConfigValue> items = value.items(EXPECTED);
        if (items.size() == 1) {
            value.problem("must be " + EXPECTED, "one");
        }
        List<String> members = new ArrayList<>();
        for (ConfigValue item : items) {
            item.text("the name of a router").ifPresent(name -> {
                checkMember(item, name);
                members.add(name);
            });
        }
        return members;
    }

    private void checkMember(ConfigValue item, String name) {
        if (!routers.contains(name)) {
            item.problem("must be the name of a router" + Suggestion.didYouMean(name, routers));
            return;
        }
        Integer firstLine = lineByRouter.putIfAbsent(name, item.line());
        if (firstLine != null) {
            item.problem("is in a group already, at line " + firstLine + ": a router is in at most one, once");
        }
    }
}
