package io.penstock.vrrp.client;

import io.penstock.cli.ConfigOption;
import io.penstock.cli.Words;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.netlink.Link;
import io.penstock.netlink.Links;
import io.penstock.netlink.NetlinkSocket;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.config.VrrpConfigReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads a configuration exactly as {@code run} would and says what is wrong with it. */
@Command(
        name = "check",
        description = {
            "Checks a configuration file and reports every problem in it.",
            "For one that is right it says how long each router takes to take over,",
            "and warns of what people often regret."
        },
        footerHeading = "%nExamples:%n",
        footer = "  vrrp-agent check -c /etc/penstock/vrrp-agent.yaml")
public final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Override
    public Integer call() {
        VrrpConfig read = VrrpConfigReader.read(config.file());
        int vips = read.routers().values().stream()
                .mapToInt(router -> router.vips().size())
                .sum();
        PrintWriter out = spec.commandLine().getOut();
        out.println(config.file() + ": ok: " + Words.counted(read.routers().size(), "router") + ", "
                + Words.counted(vips, "VIP") + ", "
                + Words.counted(read.groups().size(), "group") + ", "
                + Words.counted(read.hooks().size(), "hook"));
        Advice.lines(read, interfaces()).forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }

    /** Of this machine; where the kernel cannot be asked, all are taken to be there. */
    private static Predicate<String> interfaces() {
        try (NetlinkSocket socket = NetlinkSocket.open(new LinuxSyscalls())) {
            Set<String> names = Links.list(socket).stream().map(Link::name).collect(Collectors.toSet());
            return names::contains;
        } catch (IOException e) {
            return name -> true;
        }
    }
}
