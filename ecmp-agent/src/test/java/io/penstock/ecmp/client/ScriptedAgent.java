package io.penstock.ecmp.client;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.AdminServer;
import io.penstock.admin.Json;
import io.penstock.admin.RequestException;
import io.penstock.admin.RequestListener;
import io.penstock.admin.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real admin server with an agent's routes, which answers what a test says, and keeps what it was asked. */
final class ScriptedAgent implements AutoCloseable {
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** Of /v1/status; the last one is said again and again. */
    final Deque<String> statuses = new ConcurrentLinkedDeque<>();

    private final AdminAddress address;
    private final AdminServer server;

    ScriptedAgent(Path directory) throws IOException {
        address = new AdminAddress.Unix(directory.resolve("scripted.sock"));
        Router router = new Router()
                .get("/v1/status", request -> status())
                .get("/v1/health/vips", request -> health(200, "health"))
                .post("/v1/withdraw", request -> order(request, "withdraw"))
                .post("/v1/resume", request -> order(request, "resume"));
        server = AdminServer.start(AdminConfig.of(address), router, RequestListener.NONE, "scripted");
    }

    private AdminResponse status() {
        asked.add("status");
        return json(200, statuses.size() > 1 ? statuses.poll() : statuses.peek());
    }

    private AdminResponse order(AdminRequest request, String what) throws RequestException {
        String name = request.json(body -> body.text("name")).orElse("everything");
        if (name.equals("nothing")) {
            throw RequestException.notFound("no VIP or route is named 'nothing'");
        }
        return health(202, what + " " + name);
    }

    private AdminResponse health(int status, String what) {
        asked.add(what);
        return json(status, """
                {"vips": [{"vip": "192.0.2.10", "name": "web", "served": false, "state": "withdrawing", "reason": "ordered"}]}""");
    }

    private static AdminResponse json(int status, String text) {
        try {
            return AdminResponse.json(status, Json.parse(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return address.toString();
    }

    @Override
    public void close() {
        server.close();
    }
}
