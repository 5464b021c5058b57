package io.penstock.vrrp.control;

import io.penstock.vrrp.address.VipKeeper;
import io.penstock.vrrp.address.VipView;
import io.penstock.vrrp.operate.AgentStatus;
import io.penstock.vrrp.operate.AgentStatus.Phase;
import io.penstock.vrrp.operate.RouterStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes a value of how the agent is. Of the agent's thread. */
final class StatusReport {
    private StatusReport() {}

    static AgentStatus of(
            Phase phase,
            long nowNs,
            Routers routers,
            VipKeeper keeper,
            AgentFigures figures,
            Optional<String> trouble) {
        Map<String, List<VipView>> vips = keeper.views(nowNs).stream().collect(Collectors.groupingBy(VipView::router));
        List<RouterStatus> each = new ArrayList<>();
        for (RouterInstance router : routers.all()) {
            each.add(router.status(vips.getOrDefault(router.name(), List.of()), keeper.announcements(router.name())));
        }
        return new AgentStatus(
                phase, nowNs, each, routers.groups().status(), figures.value(AgentCounter.UNKNOWN_VRIDS), trouble);
    }
}
