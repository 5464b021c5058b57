package io.penstock.forwarder.client;

import com.google.gson.JsonObject;
import io.penstock.cli.Table;
import io.penstock.cli.Words;
import java.io.PrintWriter;
import java.util.List;

/** What a forwarder says of itself, as tables. */
final class StatusView {
    private static final String INDENT = "  ";

    private StatusView() {}

    static void print(JsonObject status, PrintWriter out) {
        out.println(Words.text(status, "state") + " for " + Words.seconds(status, "uptimeSeconds") + ", "
                + Words.number(status, "connections") + " connections, " + Words.number(status, "sessions") + " of "
                + Words.number(status, "sessionLimit") + " sessions, " + Words.number(status, "workers")
                + " workers, table " + Words.number(status, "tableVersion"));
        reload(status, out);
        list("differs from the file", Words.texts(status, "differences"), out);
        out.println("services");
        services(status, out);
        pools(status, out);
        List<JsonObject> drains = Words.objects(status, "drains");
        if (!drains.isEmpty()) {
            out.println("drains");
            drains(drains, out);
        }
    }

    private static void reload(JsonObject status, PrintWriter out) {
        JsonObject last = Words.object(status, "lastReload");
        boolean applied = Words.flag(last, "applied", true);
        out.println("file " + Words.text(status, "file") + ": " + (applied ? "applied " : "REFUSED ")
                + Words.ago(last, "at") + " ago (" + Words.text(last, "trigger") + "); reloads: "
                + Words.number(status, "reloads") + " applied, " + Words.number(status, "refusedReloads") + " refused");
        list("refused because", Words.texts(last, "problems"), out);
        list("takes a restart", Words.texts(last, "needRestart"), out);
    }

    /** A reload that has just been tried. */
    static void reloaded(JsonObject result, PrintWriter out) {
        List<String> changes = Words.texts(result, "changes");
        out.println(changes.isEmpty() ? "applied; nothing has changed" : "applied");
        changes.forEach(change -> out.println(INDENT + change));
        list("takes a restart", Words.texts(result, "needRestart"), out);
    }

    private static void list(String title, List<String> lines, PrintWriter out) {
        if (!lines.isEmpty()) {
            out.println(title);
            lines.forEach(line -> out.println(INDENT + line));
        }
    }

    static void services(JsonObject answer, PrintWriter out) {
        Table table = new Table("SERVICE", "PROTO", "LISTEN", "POOL", "STATE", ">OPEN", ">ACCEPTED");
        for (JsonObject service : Words.objects(answer, "services")) {
            table.row(
                    Words.text(service, "name"),
                    Words.text(service, "protocol"),
                    String.join(" ", Words.texts(service, "listen")),
                    Words.text(service, "pool"),
                    Words.flag(service, "enabled", true) ? "enabled" : "disabled",
                    Words.number(service, "connections") + Words.number(service, "sessions"),
                    Words.number(service, "accepted"));
        }
        table.print(out, INDENT);
    }

    static void pools(JsonObject answer, PrintWriter out) {
        Words.objects(answer, "pools").forEach(pool -> pool(pool, out));
    }

    static void pool(JsonObject pool, PrintWriter out) {
        out.println("pool " + Words.text(pool, "name") + " (" + Words.text(pool, "policy") + "), "
                + Words.number(pool, "queued") + " waiting");
        Table table = new Table(
                "BACKEND",
                "ADDRESS",
                "STATE",
                "FOR",
                ">WEIGHT",
                ">OPEN",
                ">PENDING",
                ">PORTS LEFT",
                "FROM",
                "DIFFERENCE");
        for (JsonObject backend : Words.objects(pool, "backends")) {
            String reason = Words.text(backend, "reason");
            table.row(
                    Words.text(backend, "id"),
                    Words.text(backend, "address"),
                    Words.text(backend, "state") + (reason.isEmpty() ? "" : " (" + reason + ")"),
                    Words.ago(backend, "since"),
                    Words.number(backend, "weight"),
                    Words.number(backend, "open"),
                    Words.number(backend, "pending"),
                    portsLeft(backend),
                    Words.text(backend, "origin"),
                    Words.text(backend, "difference"));
        }
        table.print(out, INDENT);
    }

    /** Of all sources together: a connection comes from whichever has one. */
    private static String portsLeft(JsonObject backend) {
        List<JsonObject> sources = Words.objects(backend, "portsLeft");
        return sources.isEmpty()
                ? "-"
                : Long.toString(sources.stream()
                        .mapToLong(source -> Words.number(source, "left"))
                        .sum());
    }

    static void poolNames(JsonObject answer, PrintWriter out) {
        Table table = new Table("POOL", "POLICY", ">BACKENDS", ">UP", ">OPEN", ">WAITING");
        for (JsonObject pool : Words.objects(answer, "pools")) {
            List<JsonObject> backends = Words.objects(pool, "backends");
            table.row(
                    Words.text(pool, "name"),
                    Words.text(pool, "policy"),
                    backends.size(),
                    backends.stream()
                            .filter(backend -> Words.text(backend, "state").equals("up"))
                            .count(),
                    backends.stream()
                            .mapToLong(backend -> Words.number(backend, "open"))
                            .sum(),
                    Words.number(pool, "queued"));
        }
        table.print(out, "");
    }

    static void drain(JsonObject drain, PrintWriter out) {
        drains(List.of(drain), out);
    }

    private static void drains(List<JsonObject> drains, PrintWriter out) {
        Table table = new Table("DRAIN", "STATE", "FOR", ">AT START", ">CLOSED", ">ENDED", ">LEFT", "OLDEST");
        for (JsonObject drain : drains) {
            table.row(
                    Words.text(drain, "target"),
                    Words.text(drain, "state"),
                    Words.ago(drain, "startedAt"),
                    Words.number(drain, "atStart"),
                    Words.number(drain, "closed"),
                    Words.number(drain, "ended"),
                    Words.number(drain, "left"),
                    Words.number(drain, "left") == 0 ? "-" : Words.seconds(drain, "oldestSeconds"));
        }
        table.print(out, INDENT);
    }

    static void connections(JsonObject answer, PrintWriter out) {
        Table table = new Table(
                ">ID", "PROTO", "SERVICE", "CLIENT", "BACKEND", "STATE", ">AGE", ">IDLE", ">TO BACKEND", ">TO CLIENT");
        for (JsonObject connection : Words.objects(answer, "connections")) {
            table.row(
                    Words.number(connection, "id"),
                    Words.text(connection, "protocol"),
                    Words.text(connection, "service"),
                    Words.text(connection, "client"),
                    Words.text(connection, "backend"),
                    Words.text(connection, "state"),
                    Words.seconds(connection, "ageSeconds"),
                    Words.seconds(connection, "idleSeconds"),
                    Words.octets(Words.number(connection, "bytesToBackend")),
                    Words.octets(Words.number(connection, "bytesToClient")));
        }
        table.print(out, "");
    }
}
