package io.penstock.forwarder.client.xdp;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.penstock.cli.OutputOptions;
import io.penstock.cli.Table;
import io.penstock.cli.Words;
import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.client.xdp.VipSlots.Vip;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what is in a map of the packet data plane. */
@Command(
        name = "dump",
        description = {
            "Shows what is in one of the maps that packets are forwarded by.",
            "vips: addresses and ports, and whose they are. services, backends: what the program knows of them."
                    + " rings: how many slots each backend has. flows: which backend flows are remembered for, in no order."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder xdp dump rings",
            "  l4-forwarder xdp dump flows --limit 100000 --json | jq -r '.[].backend' | sort | uniq -c"
        })
final class DumpCommand extends PlaneCommand {
    private enum What {
        VIPS,
        SERVICES,
        BACKENDS,
        RINGS,
        FLOWS;

        /** As it is written on a command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "MAP", description = "vips, services, backends, rings or flows.")
    private What what;

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            defaultValue = "100",
            description = "Of flows, at most so many. Default: 100.")
    private int limit;

    @Mixin
    private OutputOptions output;

    @Override
    int run(String name) throws PlaneException, BpfException {
        try (PinnedPlane plane = PinnedPlane.open(name)) {
            PlaneReport report = new PlaneReport(plane, PlaneNames.read(plane.namesFile()), System.nanoTime());
            JsonArray entries = entries(report);
            if (output.isJson()) {
                printJson(entries);
            } else {
                print(entries.asList().stream()
                        .map(JsonElement::getAsJsonObject)
                        .toList());
            }
        }
        return ExitCode.OK;
    }

    private JsonArray entries(PlaneReport report) throws PlaneException, BpfException {
        return switch (what) {
            case VIPS -> vips(report);
            case SERVICES -> report.services();
            case BACKENDS -> report.backends();
            case RINGS -> RingShares.read(report);
            case FLOWS -> FlowEntries.read(report.plane(), report.names(), limit);
        };
    }

    private static JsonArray vips(PlaneReport report) throws PlaneException {
        JsonArray array = new JsonArray();
        VipSlots.read(report.plane()).stream()
                .sorted(Comparator.comparing(Vip::address)
                        .thenComparing(Vip::protocol)
                        .thenComparing(Vip::firstPort))
                .forEach(vip -> {
                    JsonObject one = new JsonObject();
                    one.addProperty("listen", vip.listen());
                    one.addProperty("protocol", vip.protocolName());
                    one.addProperty("service", report.names().service(vip.service()));
                    array.add(one);
                });
        return array;
    }

    private void print(List<JsonObject> entries) {
        switch (what) {
            case VIPS -> table(entries, new String[] {"LISTEN", "PROTO", "SERVICE"}, "listen", "protocol", "service");
            case SERVICES -> PlaneView.services(entries, out());
            case BACKENDS -> PlaneView.backends(entries, out());
            case RINGS -> rings(entries);
            case FLOWS ->
                table(
                        entries,
                        new String[] {"PROTO", "CLIENT", "VIP", "BACKEND"},
                        "protocol",
                        "client",
                        "vip",
                        "backend");
        }
    }

    private void table(List<JsonObject> entries, String[] head, String... keys) {
        Table table = new Table(head);
        for (JsonObject entry : entries) {
            Object[] cells = new Object[keys.length];
            for (int i = 0; i < keys.length; i++) {
                cells[i] = Words.text(entry, keys[i]);
            }
            table.row(cells);
        }
        table.print(out(), "");
    }

    private void rings(List<JsonObject> entries) {
        Table table = new Table("SERVICE", "RING", "BACKEND", ">SLOTS", ">SHARE");
        for (JsonObject entry : entries) {
            table.row(
                    Words.text(entry, "service"),
                    Words.text(entry, "ring"),
                    Words.text(entry, "backend"),
                    Words.number(entry, "slots"),
                    String.format(Locale.ROOT, "%.3f %%", Words.decimal(entry, "percent", 0)));
        }
        table.print(out(), "");
    }
}
