package io.penstock.forwarder.tune;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.tune.Finding.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Everything that was found, for people, programs and sysctl. */
public record TuneReport(List<Finding> findings) {
    /**
     * Holds a configuration against a host.
     *
     * @param process whose limit of open files counts: {@code self}, or a PID
     */
    public static TuneReport of(ForwarderConfig config, Host host, String process) {
        Demand demand = Demand.of(config);
        List<Finding> findings = new ArrayList<>(DescriptorNeeds.of(demand, host, process));
        findings.addAll(SocketNeeds.of(config, host));
        findings.addAll(PortNeeds.of(config, demand, host));
        findings.addAll(AddressNeeds.of(config, host));
        return new TuneReport(List.copyOf(findings));
    }

    public boolean isShort() {
        return findings.stream().anyMatch(finding -> finding.verdict() == Verdict.SHORT);
    }

    /** What is right on one line each; what is not also says how to change it. */
    public void printTable(PrintWriter out) {
        int what = width("SETTING", findings.stream().map(Finding::what).toList());
        int has = width("HAS", findings.stream().map(Finding::has).toList());
        int needs = width("NEEDS", findings.stream().map(Finding::needs).toList());
        String format = "%-6s  %-" + what + "s  %" + has + "s  %" + needs + "s  %s%n";
        out.printf(Locale.ROOT, format, "", "SETTING", "HAS", "NEEDS", "WHY");
        for (Finding finding : findings) {
            out.printf(
                    Locale.ROOT,
                    format,
                    word(finding.verdict()),
                    finding.what(),
                    finding.has(),
                    finding.needs(),
                    finding.why());
            if (finding.verdict() != Verdict.OK) {
                out.printf(Locale.ROOT, "%-6s  set: %s%n", "", finding.remedy());
            }
        }
    }

    private static int width(String head, List<String> cells) {
        return Math.max(
                head.length(), cells.stream().mapToInt(String::length).max().orElse(0));
    }

    public String json() {
        JsonArray list = new JsonArray();
        for (Finding finding : findings) {
            JsonObject one = new JsonObject();
            one.addProperty("setting", finding.what());
            one.addProperty("has", finding.has());
            one.addProperty("needs", finding.needs());
            one.addProperty("verdict", word(finding.verdict()));
            one.addProperty("why", finding.why());
            one.addProperty("set", finding.remedy());
            finding.sysctl().ifPresent(line -> one.addProperty("sysctl", line));
            list.add(one);
        }
        JsonObject report = new JsonObject();
        report.addProperty("short", isShort());
        report.add("findings", list);
        return new GsonBuilder()
                .disableHtmlEscaping()
                .setPrettyPrinting()
                .create()
                .toJson(report);
    }

    /** What is not right, as a file for sysctl.d(5); other remedies as comments. */
    public String sysctlFile() {
        Set<String> lines = new LinkedHashSet<>();
        for (Finding finding : findings) {
            if (finding.verdict() != Verdict.OK) {
                Optional<String> line = finding.sysctl();
                lines.add(
                        line.isPresent()
                                ? "# " + finding.why() + "\n" + line.get()
                                : "# " + finding.what() + ": " + finding.remedy());
            }
        }
        return "# /etc/sysctl.d/60-penstock.conf\n" + String.join("\n", lines) + "\n";
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
