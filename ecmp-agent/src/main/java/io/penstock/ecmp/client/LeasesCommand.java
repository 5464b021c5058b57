package io.penstock.ecmp.client;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.penstock.admin.Json;
import io.penstock.cli.OutputOptions;
import io.penstock.cli.Table;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.EcmpConfigReader;
import io.penstock.ecmp.config.VipConfig;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.netlink.Addresses;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.Links;
import io.penstock.netlink.NetlinkSocket;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Asks the kernel which VIPs it has, and how long each lease still runs; whether or not an agent is there. */
@Command(
        name = "leases",
        description = {
            "Shows the VIPs that the kernel has and the seconds until it removes each of them.",
            "Asks the kernel itself, so it needs neither a running agent nor root. The kernel counts whole seconds."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ecmp-agent leases", "  ecmp-agent leases -c /etc/penstock/ecmp-agent.yaml --json"})
public final class LeasesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The agent's configuration file: for the names of its VIPs, and its number if it is not 210.")
    private Path file;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Optional<EcmpConfig> config = Optional.ofNullable(file).map(EcmpConfigReader::read);
        int protocol = config.map(EcmpConfig::protocol).orElse(EcmpConfig.DEFAULT_PROTOCOL);
        PrintWriter out = spec.commandLine().getOut();
        try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
            List<Link> links = Links.list(socket);
            List<InterfaceAddress> ours = Addresses.list(socket).stream()
                    .filter(address -> address.protocol() == protocol)
                    .toList();
            if (output.isJson()) {
                out.print(Json.text(json(ours, links, config)));
            } else {
                table(ours, links, config).print(out, "");
            }
            return ExitCode.OK;
        } catch (IOException e) {
            spec.commandLine().getErr().println(spec.root().name() + ": " + e.getMessage());
            return ExitCode.SOFTWARE;
        } finally {
            out.flush();
        }
    }

    private static Table table(List<InterfaceAddress> ours, List<Link> links, Optional<EcmpConfig> config) {
        Table table = new Table("VIP", "ADDRESS", "INTERFACE", ">SECONDS LEFT");
        for (InterfaceAddress address : ours) {
            table.row(
                    name(address, config).orElse("-"),
                    address.address(),
                    link(address, links),
                    address.validSeconds() == InterfaceAddress.FOREVER ? "no lease" : address.validSeconds());
        }
        return table;
    }

    private static JsonObject json(List<InterfaceAddress> ours, List<Link> links, Optional<EcmpConfig> config) {
        JsonArray leases = new JsonArray();
        for (InterfaceAddress address : ours) {
            JsonObject lease = new JsonObject();
            name(address, config).ifPresent(name -> lease.addProperty("name", name));
            lease.addProperty("address", address.address().toString());
            lease.addProperty("interface", link(address, links));
            if (address.validSeconds() != InterfaceAddress.FOREVER) {
                lease.addProperty("secondsLeft", address.validSeconds());
            }
            leases.add(lease);
        }
        JsonObject json = new JsonObject();
        json.add("leases", leases);
        return json;
    }

    private static Optional<String> name(InterfaceAddress address, Optional<EcmpConfig> config) {
        return config.stream()
                .flatMap(read -> read.vips().values().stream())
                .filter(vip -> vip.address().equals(address.address()))
                .map(VipConfig::name)
                .findFirst();
    }

    private static String link(InterfaceAddress address, List<Link> links) {
        return links.stream()
                .filter(link -> link.index() == address.linkIndex())
                .map(Link::name)
                .findFirst()
                .orElse("#" + address.linkIndex());
    }
}
