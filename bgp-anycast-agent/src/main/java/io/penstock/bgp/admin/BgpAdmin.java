package io.penstock.bgp.admin;

import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminServer;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.ProcessMetrics;
import io.penstock.admin.events.EventFeed;
import io.penstock.admin.events.EventRoutes;
import io.penstock.bgp.control.AgentFigures;
import io.penstock.bgp.event.BgpEvent;
import io.penstock.bgp.event.Journal;
import io.penstock.bgp.operate.Operations;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin server of a running agent and all it serves. Closed before what it asks is. Safe from any thread. */
public final class BgpAdmin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BgpAdmin.class);

    private static final String THREADS = "bgp-admin";
    private static final String FEED_THREAD = "bgp-events";

    private final AdminServer server;
    private final EventFeed feed;

    private BgpAdmin(AdminServer server, EventFeed feed) {
        this.server = server;
        this.feed = feed;
    }

    /**
     * Begins to answer.
     *
     * @param nowNs the agent's clock
     * @throws IOException when one of its addresses cannot be listened on; the message says which and why
     */
    public static BgpAdmin start(
            AdminConfig config, Operations operations, AgentFigures figures, Journal journal, LongSupplier nowNs)
            throws IOException {
        MetricsPage metrics =
                new MetricsPage().add(new ProcessMetrics()).add(new BgpMetrics(operations, figures, nowNs));
        EventFeed feed = new EventFeed(journal.log(), journal::standing, FEED_THREAD);
        try {
            EventRoutes events = new EventRoutes(journal.log(), feed, List.of(BgpEvent.Kind.values()));
            BgpApi api = new BgpApi(operations, events, metrics, nowNs);
            AdminServer server = AdminServer.start(config, api.router(), metrics, THREADS);
            config.listen().forEach(address -> LOG.info("event=admin-listening address={}", address));
            return new BgpAdmin(server, feed);
        } catch (IOException e) {
            feed.close();
            throw e;
        }
    }

    @Override
    public void close() {
        server.close();
        feed.close();
    }
}
