package io.penstock.vrrp.operate;

import io.penstock.vrrp.protocol.State;
import java.util.List;

/** A group at one moment; its state is that of all its routers. */
public record GroupStatus(String name, State state, List<String> routers) {
    public GroupStatus {
        routers = List.copyOf(routers);
    }
}
