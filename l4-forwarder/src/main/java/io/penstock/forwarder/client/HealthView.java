package io.penstock.forwarder.client;

import com.google.gson.JsonObject;
import io.penstock.cli.Table;
import io.penstock.cli.Words;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a forwarder knows of health, as tables. */
final class HealthView {
    private static final String INDENT = "  ";

    private HealthView() {}

    /** @param only the pool of this name, or all */
    static void pools(JsonObject answer, Optional<String> only, PrintWriter out) {
        for (JsonObject pool : Words.objects(answer, "pools")) {
            if (only.map(Words.text(pool, "name")::equals).orElse(true)) {
                pool(pool, out);
            }
        }
    }

    private static void pool(JsonObject pool, PrintWriter out) {
        List<JsonObject> backends = Words.objects(pool, "backends");
        out.println("pool " + Words.text(pool, "name") + ": " + Words.text(pool, "state") + ", "
                + Words.number(pool, "backendsUp") + " of " + backends.size() + " backends up"
                + (Words.flag(pool, "panic", false) ? ", health is ignored as too few are" : "")
                + because(pool));
        Table table = new Table("BACKEND", "ADDRESS", "STATE", "FOR", "REASON", "SEEN THEN", "LAST CHECKS");
        for (JsonObject backend : backends) {
            table.row(
                    Words.text(backend, "id"),
                    Words.text(backend, "address"),
                    Words.text(backend, "state"),
                    Words.ago(backend, "since"),
                    dashed(backend, "reason"),
                    dashed(backend, "evidence"),
                    checks(backend));
        }
        table.print(out, INDENT);
    }

    private static String checks(JsonObject backend) {
        List<JsonObject> checks = Words.objects(backend, "checks");
        return checks.isEmpty() ? "-" : checks.stream().map(HealthView::check).collect(Collectors.joining(", "));
    }

    private static String check(JsonObject check) {
        String evidence = Words.text(check, "evidence");
        return Words.text(check, "name") + " " + Words.text(check, "result") + " " + Words.ago(check, "at") + " ago"
                + (evidence.length() > 1 ? " (" + evidence + ")" : "");
    }

    static void vips(JsonObject answer, PrintWriter out) {
        Table table = new Table("VIP", "STATE", "SERVICES", "REASON");
        for (JsonObject vip : Words.objects(answer, "vips")) {
            table.row(
                    Words.text(vip, "vip"),
                    Words.text(vip, "state"),
                    Words.objects(vip, "services").stream()
                            .map(service -> Words.text(service, "name"))
                            .collect(Collectors.joining(" ")),
                    dashed(vip, "reason"));
        }
        table.print(out, "");
    }

    static void vip(JsonObject vip, PrintWriter out) {
        out.println(Words.text(vip, "vip") + ": " + Words.text(vip, "state") + because(vip));
        Table table = new Table("SERVICE", "PROTO", "LISTEN", "STATE", "POOL", ">UP", ">BACKENDS", "REASON");
        for (JsonObject service : Words.objects(vip, "services")) {
            table.row(
                    Words.text(service, "name"),
                    Words.text(service, "protocol"),
                    String.join(" ", Words.texts(service, "listen")),
                    Words.text(service, "state"),
                    Words.text(service, "pool"),
                    Words.number(service, "backendsUp"),
                    Words.number(service, "backends"),
                    dashed(service, "reason"));
        }
        table.print(out, INDENT);
    }

    private static String because(JsonObject object) {
        String reason = Words.text(object, "reason");
        return reason.length() > 1 ? ": " + reason : "";
    }

    private static String dashed(JsonObject object, String key) {
        String text = Words.text(object, key);
        return text.isEmpty() ? "-" : text;
    }
}
