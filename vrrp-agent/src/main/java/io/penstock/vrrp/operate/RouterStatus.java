package io.penstock.vrrp.operate;

import io.penstock.vrrp.address.VipView;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.protocol.RouterView;
import io.penstock.vrrp.track.TrackView;
import java.util.List;
import java.util.Map;

/**
 * A virtual router at one moment. A value.
 *
 * @param counters by name, as in metrics
 */
public record RouterStatus(
        RouterConfig config,
        RouterView view,
        List<VipView> vips,
        List<TrackView> tracks,
        Map<RouterCounter, Long> counters) {
    public RouterStatus {
        vips = List.copyOf(vips);
        tracks = List.copyOf(tracks);
        counters = Map.copyOf(counters);
    }
}
