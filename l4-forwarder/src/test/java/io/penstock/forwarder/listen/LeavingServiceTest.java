package io.penstock.forwarder.listen;

import static io.penstock.forwarder.listen.RunningWorkers.connect;
import static io.penstock.forwarder.listen.RunningWorkers.freePort;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.events.EventLog;
import io.penstock.forwarder.OpenFds;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.control.Controller;
import io.penstock.forwarder.control.ListenerSpecs;
import io.penstock.forwarder.geo.ClientPlaces;
import io.penstock.forwarder.table.Service;
import io.penstock.forwarder.worker.Worker;
import io.penstock.forwarder.worker.WorkerProxy;
import io.penstock.linux.LinuxSyscalls;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A service is taken away while clients stand in the kernel's queue: the worker comes to them after the table. */
@Timeout(60)
@ExtendWith(OpenFds.class)
class LeavingServiceTest {
    private static final int CLIENTS = 20;
    private static final int TIMEOUT_MS = 20_000;
    private static final int LEAVES = 1;

    @TempDir
    Path directory;

    private final int kept = freePort();
    private final int dropped = freePort();

    @Test
    void shouldServeWhoIsQueuedAtItsListener() throws Exception {
        LinuxSyscalls syscalls = new LinuxSyscalls();
        List<Socket> clients = new ArrayList<>();
        try (ServerSocket backend = new ServerSocket(0, CLIENTS, InetAddress.getLoopbackAddress())) {
            backend.setSoTimeout(TIMEOUT_MS);
            ForwarderConfig both = config(backend, 1, true);
            Controller controller = new Controller(both, ClientPlaces.read(both), new EventLog(Clock.systemUTC()));
            Worker worker = new Worker("test-w0", syscalls, controller.publication(), false);
            WorkerProxy proxy = worker.proxy();
            assertEquals(0, worker.startAccepting());
            ListenerSet listeners = new ListenerSet(syscalls, List.of(proxy), new InheritedSockets());
            listeners.prepare(ListenerSpecs.of(both.services().values())).commit();
            controller.start(List.of(proxy), listeners, false);
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(connect(dropped));
            }
            apply(controller, config(backend, 1, false));
            apply(controller, config(backend, 2, false));
            assertFalse(leaving(controller).isClosed(), "for two tables the worker has not come to its listener");
            Thread thread = new Thread(worker, "test-w0");
            thread.start();
            for (int i = 0; i < CLIENTS; i++) {
                backend.accept().close();
            }
            for (Socket client : clients) {
                assertEquals(-1, client.getInputStream().read(), "the backend's end, and no reset");
            }
            RunningWorkers.await(proxy::hasSettledListeners);
            apply(controller, config(backend, 1, false));
            assertTrue(leaving(controller).isClosed());
            assertTrue(proxy.tryStop());
            thread.join();
            worker.release();
            controller.close();
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static Service leaving(Controller controller) {
        return controller.publication().current().service(LEAVES);
    }

    private static void apply(Controller controller, ForwarderConfig config) throws Exception {
        controller.apply(config, ClientPlaces.read(config), Set.of());
    }

    private ForwarderConfig config(ServerSocket backend, int weight, boolean both) throws Exception {
        String pool = "{ health: none, backends: [{ address: \"127.0.0.1:" + backend.getLocalPort() + "\", weight: "
                + weight + " }] }\n";
        String yaml = "services:\n  kept: { listen: \"127.0.0.1:" + kept + "\" }\n"
                + (both ? "  leaves: { listen: \"127.0.0.1:" + dropped + "\" }\n" : "") + "pools:\n  kept: " + pool
                + (both ? "  leaves: " + pool : "");
        return ForwarderConfigReader.read(Files.writeString(directory.resolve("forwarder.yaml"), yaml));
    }
}
