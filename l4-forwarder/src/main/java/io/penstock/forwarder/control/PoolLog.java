package io.penstock.forwarder.control;

import io.penstock.events.Event.Level;
import io.penstock.events.EventDetails;
import io.penstock.events.EventLog;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.events.EventType;
import io.penstock.net.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said of pools beside the transitions of their members: how many take connections, and where names lead. The control thread's. */
final class PoolLog {
    private static final Logger LOG = LoggerFactory.getLogger(PoolLog.class);

    private final EventLog events;

    /** What was logged last of each pool. */
    private final Map<Pool, String> sizes = new HashMap<>();

    PoolLog(EventLog events) {
        this.events = events;
    }

    /** Weights may change with every table; that is not worth a line. */
    void onTable(Pool pool, long version) {
        String now = "eligible=" + pool.current().size() + " backends=" + pool.size();
        if (!now.equals(sizes.put(pool, now))) {
            LOG.info("event=table version={} pool={} {}", version, pool.config().name(), now);
        }
    }

    void onName(Pool pool, BackendConfig backend, List<IpAddress> addresses) {
        String name = pool.config().name();
        LOG.info(
                "event=name-changed backend={}/{} name={} addresses={}", name, backend.id(), backend.host(), addresses);
        events.add(
                EventType.POOL,
                Level.INFO,
                name,
                "backend " + backend.id() + " has other addresses: " + addresses,
                EventDetails.of("backend", backend.id())
                        .and("name", backend.host())
                        .and(
                                "addresses",
                                addresses.stream().map(IpAddress::toString).toList()));
        if (pool.size() > pool.capacity()) {
            LOG.warn(
                    "event=pool-too-big pool={} backends={} used={} effect=\"raise balance.table-size\"",
                    name,
                    pool.size(),
                    pool.capacity());
            events.add(
                    EventType.POOL,
                    Level.WARN,
                    name,
                    "has more backends than its table can hold: raise balance.table-size",
                    EventDetails.NONE.and("backends", pool.size()).and("used", pool.capacity()));
        }
    }

    void forget(Pool pool) {
        sizes.remove(pool);
    }
}
