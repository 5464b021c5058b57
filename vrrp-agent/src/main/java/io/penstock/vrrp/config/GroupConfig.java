package io.penstock.vrrp.config;

import java.util.List;

/** Routers that are active together or not at all. */
public record GroupConfig(String name, List<String> routers) {
    public GroupConfig {
        routers = List.copyOf(routers);
    }
}
