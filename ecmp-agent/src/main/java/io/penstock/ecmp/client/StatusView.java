package io.penstock.ecmp.client;

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
        List<JsonObject> vips = Words.objects(status, "vips");
        List<JsonObject> routes = Words.objects(status, "routes");
        JsonObject reload = Words.object(status, "reload");
        out.println(Words.text(status, "state") + ", " + vips.size() + " VIPs, " + routes.size() + " routes; file "
                + (Words.flag(reload, "applied", true) ? "applied " : "REFUSED ") + Words.ago(reload, "at") + " ago ("
                + Words.text(reload, "trigger") + ")");
        String trouble = Words.text(status, "trouble");
        if (!trouble.isEmpty() && !trouble.equals("-")) {
            out.println("TROUBLE: " + trouble);
        }
        list("refused because", Words.texts(reload, "problems"), out);
        list("takes a restart", Words.texts(reload, "needRestart"), out);
        list("someone else's", Words.texts(status, "conflicts"), out);
        if (!vips.isEmpty()) {
            vips(vips, out);
        }
        routes.forEach(route -> route(route, out));
    }

    /** What an order leads to. */
    static void ordered(JsonObject answer, PrintWriter out) {
        Table table = new Table("VIP", "ADDRESS", "STATE", "REASON");
        for (JsonObject vip : Words.objects(answer, "vips")) {
            table.row(
                    Words.text(vip, "name"),
                    Words.text(vip, "vip"),
                    Words.text(vip, "state"),
                    Words.text(vip, "reason"));
        }
        if (!table.isEmpty()) {
            table.print(out, "");
        }
    }

    private static void list(String title, List<String> lines, PrintWriter out) {
        if (!lines.isEmpty()) {
            out.println(title);
            lines.forEach(line -> out.println(INDENT + line));
        }
    }

    private static void vips(List<JsonObject> vips, PrintWriter out) {
        Table table = new Table(
                "VIP", "ADDRESS", "ON", "STATE", "FOR", ">LEASE LEFT", ">REFRESHES", ">LAPSES", "HEALTH", "REASON");
        for (JsonObject vip : vips) {
            table.row(
                    Words.text(vip, "name"),
                    Words.text(vip, "address"),
                    Words.text(vip, "interface"),
                    Words.text(vip, "state"),
                    Words.ago(vip, "since"),
                    leaseLeft(vip),
                    Words.number(vip, "refreshes"),
                    Words.number(vip, "lapses"),
                    Words.text(vip, "health"),
                    reason(vip));
        }
        table.print(out, "");
    }

    private static String leaseLeft(JsonObject vip) {
        long millis = Words.number(vip, "leaseLeftMs");
        return millis == 0 ? "-" : String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
    }

    /** Of the state; else of what was said of its health. */
    private static String reason(JsonObject vip) {
        String reason = Words.text(vip, "reason");
        return reason.isEmpty() ? Words.text(vip, "healthReason") : reason;
    }

    private static void route(JsonObject route, PrintWriter out) {
        String reason = Words.text(route, "reason");
        long group = Words.number(route, "group");
        out.println("route " + Words.text(route, "name") + " to " + Words.text(route, "prefix") + " ("
                + Words.text(route, "type") + (group == 0 ? "" : " group " + group) + ", table "
                + Words.number(route, "table") + ", metric " + Words.number(route, "metric") + "): "
                + Words.text(route, "state") + " for " + Words.ago(route, "since")
                + (reason.isEmpty() ? "" : " (" + reason + ")"));
        Table table = new Table("LEG", "VIA", "ON", ">WEIGHT", "USED", "STATE", "FOR", "REASON");
        for (JsonObject leg : Words.objects(route, "legs")) {
            table.row(
                    Words.text(leg, "id"),
                    Words.text(leg, "via"),
                    Words.text(leg, "interface"),
                    Words.number(leg, "weight"),
                    Words.flag(leg, "used", false) ? "yes" : "no",
                    Words.text(leg, "state"),
                    Words.ago(leg, "since"),
                    Words.text(leg, "reason"));
        }
        table.print(out, INDENT);
    }
}
