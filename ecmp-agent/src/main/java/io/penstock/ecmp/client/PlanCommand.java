package io.penstock.ecmp.client;

import io.penstock.admin.Json;
import io.penstock.cli.ConfigOption;
import io.penstock.cli.OutputOptions;
import io.penstock.ecmp.client.Plan.Setting;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.EcmpConfigReader;
import io.penstock.ecmp.kernel.KernelState;
import io.penstock.ecmp.kernel.NetlinkKernel;
import io.penstock.ecmp.router.RouterRole;
import io.penstock.ecmp.sysctl.WantedSysctls;
import io.penstock.linux.BootClock;
import io.penstock.linux.LinuxSyscalls;
import io.penstock.netlink.Sysctls;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at the kernel and at health, and says what {@code run} would do first; does nothing. */
@Command(
        name = "plan",
        description = {
            "Prints what would be changed in the kernel now, in the order in which 'run' would do it.",
            "Looks at the kernel, and asks forwarders and legs as 'run' does, until each is judged once; changes nothing and needs"
                    + " no root."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ecmp-agent plan -c /etc/penstock/ecmp-agent.yaml",
            "  ecmp-agent plan -c /etc/penstock/ecmp-agent.yaml --assume-healthy --json"
        })
public final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Mixin
    private OutputOptions output;

    @Option(names = "--assume-healthy", description = "Ask nobody: as if all VIPs were served and all legs healthy.")
    private boolean assumeHealthy;

    @Override
    public Integer call() throws InterruptedException {
        EcmpConfig read = EcmpConfigReader.read(config.file());
        PrintWriter out = spec.commandLine().getOut();
        try {
            LinuxSyscalls syscalls = new LinuxSyscalls();
            BootClock clock = new BootClock(syscalls);
            long startNs = clock.nowNs();
            HealthOnce health =
                    assumeHealthy ? HealthOnce.assumed(read, clock.nowNs()) : HealthOnce.ask(read, clock::nowNs);
            KernelState observed = observe(read, syscalls);
            Plan plan = Plan.of(read, observed, settings(read), health, startNs, clock.nowNs());
            ChangeWords words = new ChangeWords(observed.links());
            if (output.isJson()) {
                out.print(Json.text(plan.json(words)));
            } else {
                plan.print(words, out);
            }
            return ExitCode.OK;
        } catch (IOException e) {
            spec.commandLine().getErr().println(spec.root().name() + ": " + e.getMessage());
            return ExitCode.SOFTWARE;
        } finally {
            out.flush();
        }
    }

    private static KernelState observe(EcmpConfig config, LinuxSyscalls syscalls) throws IOException {
        RouterRole router = new RouterRole(config, 0);
        try (NetlinkKernel kernel = NetlinkKernel.open(syscalls, router::tables)) {
            return kernel.observe();
        }
    }

    private static List<Setting> settings(EcmpConfig config) throws IOException {
        Sysctls sysctls = new Sysctls();
        List<Setting> settings = new ArrayList<>();
        for (var wanted : WantedSysctls.of(config).entrySet()) {
            String is = sysctls.read(wanted.getKey());
            if (!is.equals(wanted.getValue())) {
                settings.add(new Setting(wanted.getKey(), is, wanted.getValue()));
            }
        }
        return settings;
    }
}
