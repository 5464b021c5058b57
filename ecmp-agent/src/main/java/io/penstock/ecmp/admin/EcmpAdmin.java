package io.penstock.ecmp.admin;

import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminServer;
import io.penstock.admin.MetricsPage;
import io.penstock.admin.ProcessMetrics;
import io.penstock.ecmp.control.AgentFigures;
import io.penstock.ecmp.operate.Operations;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin server of a running agent and all it serves. Closed before what it asks is. Safe from any thread. */
public final class EcmpAdmin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EcmpAdmin.class);

    private static final String THREADS = "ecmp-admin";

    private final AdminServer server;

    private EcmpAdmin(AdminServer server) {
        this.server = server;
    }

    /**
     * Begins to answer.
     *
     * @param nowNs the agent's clock
     * @throws IOException when one of its addresses cannot be listened on; the message says which and why
     */
    public static EcmpAdmin start(AdminConfig config, Operations operations, AgentFigures figures, LongSupplier nowNs)
            throws IOException {
        MetricsPage metrics = new MetricsPage()
                .add(new ProcessMetrics())
                .add(new AgentMetrics(operations::status, figures, operations::lastReload, nowNs));
        EcmpApi api = new EcmpApi(operations, metrics, nowNs);
        AdminServer server = AdminServer.start(config, api.router(), metrics, THREADS);
        config.listen().forEach(address -> LOG.info("event=admin-listening address={}", address));
        return new EcmpAdmin(server);
    }

    @Override
    public void close() {
        server.close();
    }
}
