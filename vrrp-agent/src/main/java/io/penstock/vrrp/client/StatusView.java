package io.penstock.vrrp.client;

import com.google.gson.JsonObject;
import io.penstock.cli.Table;
import io.penstock.cli.Words;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What an agent says of itself, as tables. */
final class StatusView {
    private static final String INDENT = "  ";

    private StatusView() {}

    static void print(JsonObject status, PrintWriter out) {
        List<JsonObject> routers = Words.objects(status, "routers");
        JsonObject reload = Words.object(status, "reload");
        out.println(Words.text(status, "state") + ", " + routers.size() + (routers.size() == 1 ? " router" : " routers")
                + "; file "
                + (Words.flag(reload, "applied", true) ? "applied " : "REFUSED ") + Words.ago(reload, "at") + " ago ("
                + Words.text(reload, "trigger") + ")");
        String trouble = Words.text(status, "trouble");
        if (!trouble.isEmpty() && !trouble.equals("-")) {
            out.println("TROUBLE: " + trouble);
        }
        list("refused because", Words.texts(reload, "problems"), out);
        list("takes a restart", Words.texts(reload, "needRestart"), out);
        routers(status, out);
        vips(routers, out);
        tracks(routers, out);
        groups(Words.objects(status, "groups"), out);
        hooks(Words.objects(status, "hooks"), out);
    }

    private static void list(String title, List<String> lines, PrintWriter out) {
        if (!lines.isEmpty()) {
            out.println(title);
            lines.forEach(line -> out.println(INDENT + line));
        }
    }

    /** Also of what an order leads to. */
    static void routers(JsonObject answer, PrintWriter out) {
        Table table = new Table("ROUTER", "ON", ">VRID", "STATE", "FOR", ">PRIORITY", "ACTIVE", ">INTERVAL", "REASON");
        for (JsonObject router : Words.objects(answer, "routers")) {
            table.row(
                    Words.text(router, "name"),
                    Words.text(router, "interface"),
                    Words.number(router, "vrid"),
                    Words.text(router, "state"),
                    Words.ago(router, "since"),
                    priority(router),
                    active(router),
                    Words.number(router, "intervalMs") + "ms",
                    Words.text(router, "reason"));
        }
        print(table, out);
    }

    /** In effect, and as configured where that is another. */
    private static String priority(JsonObject router) {
        long priority = Words.number(router, "priority");
        long configured = Words.number(router, "configuredPriority", priority);
        return priority == configured ? Long.toString(priority) : priority + " of " + configured;
    }

    private static String active(JsonObject router) {
        String active = Words.text(router, "active");
        return active.isEmpty() || active.equals("-")
                ? "-"
                : active + " (" + Words.number(router, "activePriority") + ")";
    }

    private static void vips(List<JsonObject> routers, PrintWriter out) {
        Table table = new Table("VIP", "ROUTER", "ON", "HERE", ">LEASE LEFT");
        for (JsonObject router : routers) {
            for (JsonObject vip : Words.objects(router, "vips")) {
                table.row(
                        Words.text(vip, "address") + "/" + Words.number(vip, "prefixLength"),
                        Words.text(router, "name"),
                        Words.text(vip, "interface"),
                        Words.flag(vip, "present", false) ? "yes" : "no",
                        leaseLeft(vip));
            }
        }
        print(table, out);
    }

    private static String leaseLeft(JsonObject vip) {
        long millis = Words.number(vip, "leaseLeftMs");
        return millis == 0 ? "-" : String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
    }

    private static void tracks(List<JsonObject> routers, PrintWriter out) {
        Table table = new Table("TRACK", "ROUTER", "KIND", "STATE", ">PRIORITY", "EVIDENCE");
        for (JsonObject router : routers) {
            for (JsonObject track : Words.objects(router, "tracks")) {
                table.row(
                        Words.text(track, "name"),
                        Words.text(router, "name"),
                        Words.text(track, "kind"),
                        track(track),
                        Words.flag(track, "fault", false)
                                ? "fault"
                                : String.format(Locale.ROOT, "%+d", Words.number(track, "contribution")),
                        Words.text(track, "evidence"));
            }
        }
        print(table, out);
    }

    private static String track(JsonObject track) {
        if (!Words.flag(track, "known", true)) {
            return "unknown";
        }
        return Words.flag(track, "up", false) ? "up" : "down";
    }

    private static void groups(List<JsonObject> groups, PrintWriter out) {
        Table table = new Table("GROUP", "STATE", "ROUTERS");
        for (JsonObject group : groups) {
            table.row(
                    Words.text(group, "name"),
                    Words.text(group, "state"),
                    String.join(", ", Words.texts(group, "routers")));
        }
        print(table, out);
    }

    private static void hooks(List<JsonObject> hooks, PrintWriter out) {
        Table table = new Table("HOOK", ">OK", ">FAILED", ">TIMEOUT", ">NOT STARTED", ">QUEUED", ">MISSED", "LAST");
        for (JsonObject hook : hooks) {
            JsonObject runs = Words.object(hook, "runs");
            table.row(
                    Words.text(hook, "name"),
                    Words.number(runs, "ok"),
                    Words.number(runs, "failed"),
                    Words.number(runs, "timeout"),
                    Words.number(runs, "not-started"),
                    Words.number(hook, "queued"),
                    Words.number(hook, "missed"),
                    Words.text(hook, "last"));
        }
        print(table, out);
    }

    private static void print(Table table, PrintWriter out) {
        if (!table.isEmpty()) {
            table.print(out, "");
        }
    }
}
