package io.penstock.forwarder.client.top;

import com.google.gson.JsonObject;
import io.penstock.admin.Json;
import io.penstock.cli.Words;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Samples of a forwarder that is twice asked, a second apart. */
final class TopSamples {
    static final long SECOND_NS = 1_000_000_000L;

    private TopSamples() {}

    static Sample sample(int second) {
        return read(status(second), second);
    }

    static Sample read(String status, int second) {
        String events = """
                {"events": [
                  {"id": 1, "at": "2026-11-22T04:00:00.123Z", "type": "process", "subject": "l4-forwarder", "level": "info", "text": "running"},
                  {"id": 2, "at": "2026-11-22T04:00:09.999Z", "type": "backend", "subject": "web/web-2", "level": "warn",
                   "text": "up to down: check failed"}]}""";
        return SampleReader.read(object(status), Words.objects(object(events), "events"), second * SECOND_NS);
    }

    static JsonObject object(String text) {
        try {
            return Json.parse(text).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What grows by the second: 100 connections, 2 of which fail, 1 MiB in, 10 MiB out. */
    static String status(int second) {
        return """
                {"state": "running", "startedAt": "2026-11-22T03:00:00Z", "uptimeSeconds": %1$d, "file": "/etc/penstock/forwarder.yaml",
                 "workers": 1, "tableVersion": 7, "connections": 12, "sessions": 3, "sessionLimit": 15000,
                 "lastReload": {"at": "2026-11-22T03:00:00Z", "applied": false, "trigger": "file",
                    "problems": ["f.yaml:1:1: workers: too many", "another"], "needRestart": ["workers"]},
                 "differences": ["pool web: backend web-1: weight 1, file 2"],
                 "services": [{"name": "web", "protocol": "tcp", "listen": ["192.0.2.1:80"], "pool": "web", "enabled": true,
                    "connections": 12, "sessions": 0, "accepted": %2$d,
                    "counters": {"accepted": %2$d, "closed": {"completed": %2$d, "client-reset": 5, "connect-failed": %3$d},
                       "bytesToBackends": %4$d, "bytesToClients": %5$d},
                    "latency": {"connect": {"count": 9, "p50Ms": 0.21, "p99Ms": 1.4, "maxMs": 3},
                       "firstByte": {"count": 9, "p50Ms": 12, "p99Ms": 120, "maxMs": 200}}}],
                 "pools": [{"name": "web", "policy": "maglev", "queued": 4, "backends": [
                    {"id": "web-1", "address": "10.0.0.1:80", "state": "up", "reason": "", "since": "2026-11-22T03:00:00Z",
                     "weight": 1, "open": 12, "pending": 0, "origin": "file",
                     "counters": {"connections": %2$d, "connectFailures": %3$d, "failures": 0, "bytesToBackend": %4$d, "bytesToClient": %5$d},
                     "latency": {"connect": {"count": 9, "p50Ms": 0.2, "p99Ms": 1.1}, "firstByte": {"count": 0}}},
                    {"id": "web-2", "address": "10.0.0.2:80", "state": "down", "reason": "check", "since": "2026-11-22T04:00:00Z",
                     "weight": 9, "open": 0, "pending": 0, "origin": "file"}]}],
                 "drains": [{"target": "backend web/web-2", "state": "running", "left": 50, "atStart": 100}],
                 "workersDetail": [{"name": "fwd-w0", "connections": 12, "sessions": 3, "turns": %2$d, "pipes": 2,
                    "lateness": {"count": 9, "p50Ms": 0.05, "p99Ms": 0.6, "maxMs": 7.5}}]}
                """.formatted(second, 100 * second, 2 * second, second << 20, (10L * second) << 20);
    }
}
