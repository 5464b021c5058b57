package io.penstock.vrrp.operate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The agent at one moment. A value.
 *
 * @param atNs that moment, on the agent's clock
 * @param unknownVrids packets of virtual routers that are not configured here
 * @param trouble why the kernel could not be asked or changed the last time; empty when it could
 */
public record AgentStatus(
        Phase phase,
        long atNs,
        List<RouterStatus> routers,
        List<GroupStatus> groups,
        long unknownVrids,
        Optional<String> trouble) {
    /** Where the process is in its life. */
    public enum Phase {
        STARTING,
        RUNNING,
        STOPPING;

        /** As people read it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public AgentStatus {
        routers = List.copyOf(routers);
        groups = List.copyOf(groups);
    }

    public Optional<RouterStatus> router(String name) {
        return routers.stream()
                .filter(router -> router.config().name().equals(name))
                .findFirst();
    }
}
