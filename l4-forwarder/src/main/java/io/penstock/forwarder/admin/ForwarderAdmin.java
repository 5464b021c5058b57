package io.penstock.forwarder.admin;

import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminServer;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.ProcessMetrics;
import io.penstock.admin.events.EventFeed;
import io.penstock.forwarder.operate.Operations;
import io.penstock.forwarder.worker.WorkerProxy;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin server of a running forwarder and all it serves. Closed before what it asks is. Safe from any thread. */
public final class ForwarderAdmin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForwarderAdmin.class);

    private static final String THREADS = "fwd-admin";
    private static final String FEED_THREAD = "fwd-events";

    private final AdminServer server;
    private final EventFeed feed;

    private ForwarderAdmin(AdminServer server, EventFeed feed) {
        this.server = server;
        this.feed = feed;
    }

    /**
     * Begins to answer.
     *
     * @throws IOException when one of its addresses cannot be listened on; the message says which and why
     */
    public static ForwarderAdmin start(
            AdminConfig config, Operations operations, List<WorkerProxy> workers, AdminViews views) throws IOException {
        MetricsPage metrics = new MetricsPage()
                .add(new ProcessMetrics())
                .add(new WorkerMetrics(workers))
                .add(new StatusMetrics(operations::status))
                .add(new HealthMetrics(views))
                .add(new FlowLogMetrics(views.flowLog()))
                .add(new XdpMetrics(views.packets()));
        EventFeed feed = new EventFeed(views.events(), FEED_THREAD);
        AdminServer server;
        try {
            server = AdminServer.start(
                    config, new ForwarderApi(operations, metrics, views, feed, workers).router(), metrics, THREADS);
        } catch (IOException e) {
            feed.close();
            throw e;
        }
        config.listen().forEach(address -> LOG.info("event=admin-listening address={}", address));
        return new ForwarderAdmin(server, feed);
    }

    /** The addresses are free for another process when this returns; requests that are under way are still answered. */
    public void stopListening() {
        server.stopListening();
    }

    @Override
    public void close() {
        server.close();
        feed.close();
    }
}
