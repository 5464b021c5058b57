package io.penstock.forwarder.client.xdp;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.cli.Table;
import io.penstock.cli.Words;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A data plane as tables. */
final class PlaneView {
    private static final String INDENT = "  ";

    private PlaneView() {}

    static void print(JsonObject status, PrintWriter out) {
        out.println(Words.text(status, "name") + ": " + PlaneStatusCommand.leaseWords(Words.object(status, "lease"))
                + ", generation " + Words.number(status, "generation"));
        if (Words.number(status, "traceEvery") > 0) {
            out.println("one of " + Words.number(status, "traceEvery") + " packets is traced");
        }
        out.println("interfaces");
        interfaces(status, out);
        out.println("services");
        services(Words.objects(status, "services"), out);
        out.println("backends");
        backends(Words.objects(status, "backends"), out);
        out.println("packets");
        counters(Words.object(status, "counters"), out);
        JsonObject probes = Words.object(status, "probes");
        if (!probes.isEmpty()) {
            out.println("health checks through the encapsulation");
            counters(probes, out);
        }
    }

    private static void interfaces(JsonObject status, PrintWriter out) {
        List<JsonObject> interfaces = Words.objects(status, "interfaces");
        if (interfaces.isEmpty()) {
            out.println(INDENT + "none: nothing is forwarded");
            return;
        }
        Table table = new Table("NAME", "STATE", "MODE", ">PROGRAM");
        for (JsonObject one : interfaces) {
            table.row(
                    Words.text(one, "name"),
                    Words.flag(one, "attached", false) ? "attached" : "gone",
                    Words.text(one, "mode"),
                    Words.number(one, "program"));
        }
        table.print(out, INDENT);
    }

    static void services(List<JsonObject> services, PrintWriter out) {
        Table table = new Table("SERVICE", "PROTO", "LISTEN", ">RING", "CHANGE", "FLOWS", ">PACKETS", ">OCTETS");
        for (JsonObject service : services) {
            double window = Words.decimal(service, "windowSeconds", 0);
            table.row(
                    Words.text(service, "name"),
                    Words.text(service, "protocol"),
                    String.join(" ", Words.texts(service, "listen")),
                    Words.text(service, "ring"),
                    window > 0 ? String.format(Locale.ROOT, "for %.1f s more", window) : "-",
                    Words.flag(service, "flowTable", false) ? "remembered" : "not remembered",
                    Words.number(service, "packets"),
                    Words.octets(Words.number(service, "octets")));
        }
        table.print(out, INDENT);
    }

    static void backends(List<JsonObject> backends, PrintWriter out) {
        Table table = new Table("BACKEND", "ADDRESS", "BY", "STATE", "NEXT HOP", ">PACKETS", ">OCTETS");
        for (JsonObject backend : backends) {
            table.row(
                    Words.text(backend, "name"),
                    Words.text(backend, "address"),
                    Words.text(backend, "encapsulation"),
                    Words.text(backend, "state"),
                    backend.has("nextHop") ? Words.text(backend, "nextHop") : "unknown",
                    Words.number(backend, "packets"),
                    Words.octets(Words.number(backend, "octets")));
        }
        table.print(out, INDENT);
    }

    /** Those that have not counted too: that a reason did not occur is an answer. */
    static void counters(JsonObject counters, PrintWriter out) {
        Table table = new Table("WAY", ">PACKETS");
        for (Map.Entry<String, JsonElement> one : counters.entrySet()) {
            table.row(one.getKey(), one.getValue().getAsLong());
        }
        table.print(out, INDENT);
    }
}
