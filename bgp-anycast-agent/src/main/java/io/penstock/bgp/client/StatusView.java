package io.penstock.bgp.client;

import com.google.gson.JsonObject;
import io.penstock.cli.Table;
import io.penstock.cli.Words;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What an agent says of itself, as tables. */
final class StatusView {
    private static final String INDENT = "  ";
    private static final String NOTHING = "-";

    private StatusView() {}

    static void print(JsonObject status, PrintWriter out) {
        JsonObject reload = Words.object(status, "reload");
        out.println(Words.text(status, "state") + ", "
                + Words.counted(Words.objects(status, "vips").size(), "VIP") + "; file "
                + (Words.flag(reload, "applied", true) ? "applied " : "REFUSED ") + Words.ago(reload, "at") + " ago ("
                + Words.text(reload, "trigger") + ")");
        list("refused because", Words.texts(reload, "problems"), out);
        list("takes a restart", Words.texts(reload, "needRestart"), out);
        daemon(Words.object(status, "daemon"), out);
        vips(status, out);
        peers(Words.objects(status, "peers"), out);
    }

    private static void list(String title, List<String> lines, PrintWriter out) {
        if (!lines.isEmpty()) {
            out.println(title);
            lines.forEach(line -> out.println(INDENT + line));
        }
    }

    private static void daemon(JsonObject daemon, PrintWriter out) {
        StringBuilder line = new StringBuilder("daemon ")
                .append(Words.text(daemon, "address"))
                .append(": ")
                .append(Words.text(daemon, "state"));
        long asn = Words.number(daemon, "asn");
        if (asn != 0) {
            line.append(", AS ").append(asn).append(", router ID ").append(Words.text(daemon, "routerId"));
        }
        long foreign = Words.number(daemon, "foreignPaths");
        if (foreign != 0) {
            line.append(", ").append(Words.counted((int) foreign, "path")).append(" of others");
        }
        out.println(line);
        trouble("", daemon, out);
    }

    private static void trouble(String whose, JsonObject object, PrintWriter out) {
        String trouble = Words.text(object, "trouble");
        if (!trouble.isEmpty() && !trouble.equals(NOTHING)) {
            out.println("TROUBLE: " + whose + trouble);
        }
    }

    /** Also of what an order leads to. */
    static void vips(JsonObject answer, PrintWriter out) {
        List<JsonObject> vips = Words.objects(answer, "vips");
        Table table = new Table("VIP", "PREFIX", "STATE", "FOR", "WANTED", "ANNOUNCED", "SENT TO", "REASON");
        for (JsonObject vip : vips) {
            String wanted = attributes(vip, "wanted");
            String announced = attributes(vip, "announced");
            table.row(
                    Words.text(vip, "name"),
                    Words.text(vip, "prefix"),
                    state(vip),
                    Words.ago(vip, "since"),
                    wanted,
                    announced.equals(wanted) && !wanted.equals(NOTHING) ? "as wanted" : announced,
                    sentTo(vip),
                    Words.text(vip, "reason"));
        }
        print(table, out);
        vips.forEach(vip -> trouble(Words.text(vip, "name") + ": ", vip, out));
    }

    /** And how long it lasts. */
    private static String state(JsonObject vip) {
        String state = Words.text(vip, "state");
        return vip.has("leftMs")
                ? state + ", " + Words.duration(Duration.ofMillis(Words.number(vip, "leftMs"))) + " left"
                : state;
    }

    private static String sentTo(JsonObject vip) {
        List<String> peers = Words.texts(vip, "sentTo");
        return peers.isEmpty() ? NOTHING : String.join(", ", peers);
    }

    /** In short: what goes without saying is left out. */
    private static String attributes(JsonObject vip, String key) {
        if (!vip.has(key)) {
            return NOTHING;
        }
        JsonObject path = Words.object(vip, key);
        List<String> words = new ArrayList<>();
        String nextHop = Words.text(path, "nextHop");
        if (!nextHop.equals("self")) {
            words.add("next-hop " + nextHop);
        }
        String origin = Words.text(path, "origin");
        if (!origin.equals("igp")) {
            words.add("origin " + origin);
        }
        List<String> asPath = Words.texts(path, "asPath");
        if (!asPath.isEmpty()) {
            words.add("as-path " + String.join(" ", asPath));
        }
        if (path.has("med")) {
            words.add("med " + Words.number(path, "med"));
        }
        if (path.has("localPref")) {
            words.add("local-pref " + Words.number(path, "localPref"));
        }
        words.addAll(Words.texts(path, "communities"));
        words.addAll(Words.texts(path, "extendedCommunities"));
        words.addAll(Words.texts(path, "largeCommunities"));
        return String.join(" ", words);
    }

    private static void peers(List<JsonObject> peers, PrintWriter out) {
        Table table = new Table("NEIGHBOUR", "ADDRESS", ">AS", "BY", "SESSION", "FOR", "REASON");
        for (JsonObject peer : peers) {
            long upSeconds = Words.number(peer, "upSeconds");
            table.row(
                    Words.text(peer, "name"),
                    Words.text(peer, "address"),
                    Words.number(peer, "asn"),
                    Words.flag(peer, "managed", false) ? "file" : "others",
                    Words.text(peer, "state"),
                    upSeconds == 0 ? NOTHING : Words.duration(Duration.ofSeconds(upSeconds)),
                    Words.text(peer, "reason"));
        }
        print(table, out);
    }

    private static void print(Table table, PrintWriter out) {
        if (!table.isEmpty()) {
            table.print(out, "");
        }
    }
}
