package io.penstock.forwarder.client;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminRequest;
import io.penstock.admin.AdminResponse;
import io.penstock.admin.AdminServer;
import io.penstock.admin.EventSink;
import io.penstock.admin.Json;
import io.penstock.admin.RequestException;
import io.penstock.admin.RequestListener;
import io.penstock.admin.Router;
import io.penstock.admin.ServerSentEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A real admin server that answers what a test says, and keeps what it was asked. */
final class ScriptedForwarder implements AutoCloseable {
    static final String EVENT = """
            {"id": %1$d, "at": "2026-11-22T04:00:0%1$d.123Z", "type": "backend", "subject": "web/web-%1$d", "level": "%2$s",
             "text": "up to down: check failed"}""";

    final List<String> asked = new CopyOnWriteArrayList<>();

    /** Streams that were opened, in that order. */
    final BlockingQueue<EventSink> streams = new LinkedBlockingQueue<>();

    private final AdminAddress address;
    private final AdminServer server;
    private final int status;
    private final String answer;

    /** @param answer to every question, a JSON object */
    ScriptedForwarder(Path directory, int status, String answer) throws IOException {
        this.status = status;
        this.answer = answer;
        address = new AdminAddress.Unix(directory.resolve("scripted.sock"));
        Router router = new Router()
                .get("/v1/events", this::events, "follow", "limit", "since", "type", "subject", "level")
                .get("/v1/config", request -> answer("config", request))
                .get("/v1/health", request -> answer("health", request))
                .get("/v1/health/vips", request -> answer("vips", request), "any")
                .get("/v1/health/vips/{vip}", request -> answer("vip " + request.segment("vip"), request), "any");
        server = AdminServer.start(AdminConfig.of(address), router, RequestListener.NONE, "scripted");
    }

    private AdminResponse events(AdminRequest request) throws RequestException {
        if (request.parameter("follow").isPresent()) {
            return answer("events", request);
        }
        asked.add(
                "stream " + request.query() + " after " + request.lastEventId().orElse(-1));
        return AdminResponse.stream((ignored, sink) -> streams.add(sink));
    }

    private AdminResponse answer(String what, AdminRequest request) throws RequestException {
        asked.add(what + " " + request.query());
        try {
            return AdminResponse.json(status, Json.parse(answer));
        } catch (IOException e) {
            throw RequestException.badRequest(e.getMessage());
        }
    }

    static ServerSentEvent event(int id, String level) {
        return new ServerSentEvent(id, "backend", EVENT.formatted(id, level));
    }

    AdminAddress address() {
        return address;
    }

    @Override
    public void close() {
        server.close();
    }
}
