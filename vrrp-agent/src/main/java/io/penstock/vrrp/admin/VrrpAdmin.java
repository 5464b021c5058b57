package io.penstock.vrrp.admin;

import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminServer;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.ProcessMetrics;
import io.penstock.admin.events.EventFeed;
import io.penstock.vrrp.control.AgentFigures;
import io.penstock.vrrp.event.Journal;
import io.penstock.vrrp.operate.Operations;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin server of a running agent and all it serves. Closed before what it asks is. Safe from any thread. */
public final class VrrpAdmin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VrrpAdmin.class);

    private static final String THREADS = "vrrp-admin";
    private static final String FEED_THREAD = "vrrp-events";

    private final AdminServer server;
    private final EventFeed feed;

    private VrrpAdmin(AdminServer server, EventFeed feed) {
        this.server = server;
        this.feed = feed;
    }

    /**
     * Begins to answer.
     *
     * @param nowNs the agent's clock
     * @throws IOException when one of its addresses cannot be listened on; the message says which and why
     */
    public static VrrpAdmin start(
            AdminConfig config, Operations operations, AgentFigures figures, Journal journal, LongSupplier nowNs)
            throws IOException {
        MetricsPage metrics = new MetricsPage()
                .add(new ProcessMetrics())
                .add(new VrrpMetrics(operations, figures, journal::hooks, nowNs));
        EventFeed feed = new EventFeed(journal.log(), journal::standing, FEED_THREAD);
        try {
            VrrpApi api = new VrrpApi(operations, figures, journal, feed, metrics, nowNs);
            AdminServer server = AdminServer.start(config, api.router(), metrics, THREADS);
            config.listen().forEach(address -> LOG.info("event=admin-listening address={}", address));
            return new VrrpAdmin(server, feed);
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
