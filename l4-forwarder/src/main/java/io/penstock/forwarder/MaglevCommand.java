package io.penstock.forwarder;

import io.penstock.cli.ConfigOption;
import io.penstock.config.Suggestion;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.config.BackendConfig;
import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.ForwarderConfigReader;
import io.penstock.forwarder.config.PoolConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the Maglev tables a configuration leads to, without starting anything. */
@Command(
        name = "maglev",
        description = {
            "Shows the share of new flows each backend gets, and what removing some would move.",
            "Backends are listed by id as the file has them: all taken as healthy, names not resolved."
        })
final class MaglevCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOption config;

    @Option(
            names = "--pool",
            paramLabel = "NAME",
            description = "Only this pool. Default: every pool, or those that have the backends of --without.")
    private String pool;

    @Option(
            names = "--without",
            paramLabel = "BACKEND",
            description = "Also show the table without this backend. May be repeated.")
    private Set<String> without = new LinkedHashSet<>();

    @Override
    public Integer call() {
        ForwarderConfig read = ForwarderConfigReader.read(config.file());
        List<PoolConfig> pools = selected(read);
        PrintWriter out = spec.commandLine().getOut();
        MaglevText text = new MaglevText(out);
        for (PoolConfig each : pools) {
            text.print(MaglevReport.of(each, read.flowHash(), without));
            if (hasLevels(each)) {
                out.println("  note: priorities and places are left out; running, each level has a table of its own");
                out.flush();
            }
        }
        if (!read.sharedSecret()) {
            out.println("note: no secret-file, so each start draws its own key and shares differ a little from these");
            out.flush();
        }
        return ExitCode.OK;
    }

    private List<PoolConfig> selected(ForwarderConfig read) {
        if (pool != null && !read.pools().containsKey(pool)) {
            throw unknown("pool", pool, read.pools().keySet());
        }
        Collection<PoolConfig> candidates = withTables(
                pool == null ? read.pools().values() : List.of(read.pools().get(pool)));
        Set<String> known = new LinkedHashSet<>();
        List<PoolConfig> concerned = new ArrayList<>();
        for (PoolConfig candidate : candidates) {
            List<String> ids =
                    candidate.backends().stream().map(BackendConfig::id).toList();
            known.addAll(ids);
            if (without.isEmpty() || ids.stream().anyMatch(without::contains)) {
                concerned.add(candidate);
            }
        }
        for (String backend : without) {
            if (!known.contains(backend)) {
                throw unknown("backend", backend, known);
            }
        }
        return concerned;
    }

    /** Other policies have no table to show. */
    private List<PoolConfig> withTables(Collection<PoolConfig> pools) {
        List<PoolConfig> maglev = pools.stream()
                .filter(candidate -> candidate.balance().policy().kind() == PolicyKind.MAGLEV)
                .toList();
        if (maglev.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    pool == null ? "no pool has the policy maglev" : "the policy of pool '" + pool + "' is not maglev");
        }
        return maglev;
    }

    private static boolean hasLevels(PoolConfig pool) {
        return pool.backends().stream()
                .anyMatch(backend -> backend.priority() > 0 || backend.place().isPresent());
    }

    private ParameterException unknown(String what, String name, Collection<String> known) {
        String hint = Suggestion.nearest(name, known)
                .map(nearest -> "did you mean '" + nearest + "'?")
                .orElse("there are: " + String.join(", ", known));
        return new ParameterException(spec.commandLine(), "no " + what + " '" + name + "'; " + hint);
    }
}
