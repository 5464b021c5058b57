package io.penstock.forwarder.client.xdp;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.cli.Table;
import io.penstock.forwarder.xdp.backend.BackendHost.Result;
import io.penstock.forwarder.xdp.backend.DecapCounter;
import io.penstock.forwarder.xdp.backend.Finding;
import io.penstock.forwarder.xdp.backend.Finding.Verdict;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was done to a backend's host, and what was found there. */
record HostReport(List<Finding> findings, Result result, Map<DecapCounter, Long> counts) {
    private static final String INDENT = "         ";

    boolean isComplete() {
        return result.problems().isEmpty()
                && findings.stream().noneMatch(finding -> finding.verdict() == Verdict.MISSING);
    }

    /** @param all what is right too */
    void print(PrintWriter out, boolean all) {
        if (!all) {
            printDone(out, "nothing to do");
        }
        List<Finding> shown = findings.stream()
                .filter(finding -> all || finding.verdict() != Verdict.OK)
                .toList();
        Table table = new Table("STATE", "WHAT", "HAS", "NEEDS");
        shown.forEach(finding -> table.row(word(finding.verdict()), finding.what(), finding.has(), finding.needs()));
        if (!table.isEmpty()) {
            table.print(out, "");
        }
        for (Finding finding : shown) {
            if (finding.verdict() != Verdict.OK) {
                out.println();
                out.println(String.format(
                        Locale.ROOT,
                        "%-8s %s: %s",
                        word(finding.verdict()),
                        Table.printable(finding.what()),
                        Table.printable(finding.why())));
                out.println(INDENT + "mend: " + Table.printable(finding.mend()));
            }
        }
        if (all && !counts.isEmpty()) {
            out.println();
            Table packets = new Table("PROGRAM DECAP", ">PACKETS");
            counts.forEach((counter, count) -> packets.row(counter.label(), count));
            packets.print(out, "");
        }
    }

    void printDone(PrintWriter out, String nothing) {
        result.done().forEach(line -> out.println(Table.printable(line)));
        if (result.done().isEmpty() && result.problems().isEmpty()) {
            out.println(nothing);
        }
    }

    String json() {
        JsonObject report = new JsonObject();
        report.addProperty("complete", isComplete());
        report.add("done", array(result.done()));
        report.add("problems", array(result.problems()));
        JsonArray list = new JsonArray();
        for (Finding finding : findings) {
            JsonObject one = new JsonObject();
            one.addProperty("state", word(finding.verdict()));
            one.addProperty("what", finding.what());
            one.addProperty("has", finding.has());
            one.addProperty("needs", finding.needs());
            one.addProperty("why", finding.why());
            one.addProperty("mend", finding.verdict() == Verdict.OK ? "" : finding.mend());
            list.add(one);
        }
        report.add("findings", list);
        JsonObject packets = new JsonObject();
        counts.forEach((counter, count) -> packets.addProperty(counter.label(), count));
        report.add("packets", packets);
        return new GsonBuilder()
                .disableHtmlEscaping()
                .setPrettyPrinting()
                .create()
                .toJson(report);
    }

    private static JsonArray array(List<String> lines) {
        JsonArray array = new JsonArray();
        lines.forEach(array::add);
        return array;
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
