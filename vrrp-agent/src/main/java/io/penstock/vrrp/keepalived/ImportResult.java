package io.penstock.vrrp.keepalived;

import java.util.List;
import java.util.Map;

/**
 * What keepalived.conf says, for vrrp-agent.
 *
 * @param document the mapping of vrrp-agent.yaml
 * @param routers how many there are
 */
public record ImportResult(Map<String, Object> document, int routers, List<Remark> remarks) {
    public ImportResult {
        remarks = List.copyOf(remarks);
    }
}
