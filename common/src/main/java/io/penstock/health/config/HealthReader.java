package io.penstock.health.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.KeyRules;
import io.penstock.config.MetricLabel;
import io.penstock.health.Combination;
import io.penstock.health.HealthCheck;
import io.penstock.health.HealthPlan;
import io.penstock.health.Probe;
import io.penstock.health.Schedule;
import io.penstock.health.config.CheckReader.Conduct;
import io.penstock.health.config.ProbeReader.Aimed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code health}, of a pool for example: one check, or several by name. */
public final class HealthReader {
    /** Each is a connection at every interval to every backend. */
    public static final int MAX_CHECKS = 16;

    private static final int DEFAULT_WEIGHT = 1;
    private static final int MAX_WEIGHT = 1000;

    private static final Aimed TCP = new Aimed(new Probe.Tcp(), HealthCheck.TARGETS_PORT);

    /** Nobody knows what to say to any server of UDP: only that nobody is there can be known. */
    private static final Aimed UDP = new Aimed(Probe.Udp.NOTHING_SAID, HealthCheck.TARGETS_PORT);

    private static final HealthPlan UNUSED = plan(TCP, Conduct.DEFAULT);

    private final ProbeReader probes;
    private final Conduct usual;

    public HealthReader(Path configFile) {
        this(configFile, Conduct.DEFAULT.schedule());
    }

    /** @param usual what holds for keys that are absent */
    public HealthReader(Path configFile, Schedule usual) {
        probes = new ProbeReader(configFile);
        this.usual = new Conduct(usual, Conduct.DEFAULT.origin(), Conduct.DEFAULT.rise(), Conduct.DEFAULT.fall());
    }

    /**
     * Empty for {@code none}.
     *
     * @param udpOnly whether no service of TCP uses the backends, which decides about the probe where the file does not
     */
    public Optional<HealthPlan> read(Optional<ConfigValue> health, boolean udpOnly) {
        Aimed probe = udpOnly ? UDP : TCP;
        if (health.isEmpty()) {
            return Optional.of(plan(probe, usual));
        }
        if (health.get().isMapping()) {
            return health.get().section(section -> read(section, udpOnly));
        }
        if (!health.get().was().equals("none")) {
            health.get().problem("must be none, or a mapping with keys such as interval: 2s");
        }
        return Optional.empty();
    }

    private static HealthPlan plan(Aimed probe, Conduct conduct) {
        return HealthPlan.of(conduct.check(kind(probe), probe, DEFAULT_WEIGHT));
    }

    private static String kind(Aimed usual) {
        return usual.isStream() ? "tcp" : "udp";
    }

    /** What a mapping says; whoever has keys of its own there reads them from the same section. */
    public HealthPlan read(ConfigSection health, boolean udpOnly) {
        Aimed usualProbe = udpOnly ? UDP : TCP;
        Optional<Aimed> aimed = probes.read(health);
        Conduct conduct = CheckReader.read(health, usual);
        Optional<ConfigValue> checks = health.optional("checks");
        Optional<ConfigValue> require = health.optional("require");
        if (checks.isPresent()) {
            Stream.of(ProbeReader.KINDS)
                    .filter(kind -> health.has(kind) && health.isSound(kind))
                    .forEach(kind -> health.problem(kind, "must stand in one of the checks"));
            return several(health, checks.get(), require, conduct);
        }
        KeyRules.onlyFor("several checks", health, "require");
        Aimed only = aimed.orElse(usualProbe);
        CheckReader.checkUse(health, only);
        return HealthPlan.of(conduct.check(kind(health, usualProbe), only, DEFAULT_WEIGHT));
    }

    private static String kind(ConfigSection health, Aimed usual) {
        for (String kind : ProbeReader.KINDS) {
            if (health.has(kind)) {
                return kind;
            }
        }
        return kind(usual);
    }

    private HealthPlan several(
            ConfigSection health, ConfigValue value, Optional<ConfigValue> require, Conduct conduct) {
        List<HealthCheck> checks = new ArrayList<>();
        List<ConfigValue> weights = new ArrayList<>();
        List<NamedValue> entries = value.named("a mapping of names to checks, with at least one");
        if (entries.size() > MAX_CHECKS) {
            value.problem("must be at most " + MAX_CHECKS + " checks", entries.size() + " checks");
        }
        for (NamedValue entry : entries) {
            MetricLabel.check(entry.name(), entry.key());
            entry.value()
                    .section(section -> check(entry, section, conduct, weights))
                    .ifPresent(checks::add);
        }
        Combination combination = require.isEmpty()
                ? new Combination.All()
                : RequireReader.read(require.get(), checks, health.isSound("checks"));
        boolean scored = combination instanceof Combination.Score || !health.isSound("require");
        if (!scored) {
            weights.forEach(weight -> weight.problem("is for require: { score: ... } only"));
        }
        return checks.isEmpty() || !health.isSound() ? UNUSED : new HealthPlan(checks, combination);
    }

    private HealthCheck check(NamedValue entry, ConfigSection check, Conduct base, List<ConfigValue> weights) {
        Optional<Aimed> aimed = probes.read(check);
        Conduct conduct = CheckReader.read(check, base);
        int weight = check.integer("weight", DEFAULT_WEIGHT, 1, MAX_WEIGHT);
        if (check.isSound("weight")) {
            check.optional("weight").ifPresent(weights::add);
        }
        if (KeyRules.hasNone(check, ProbeReader.KINDS)) {
            entry.value().problem("needs one of: " + String.join(", ", ProbeReader.KINDS));
        }
        aimed.ifPresent(read -> CheckReader.checkUse(check, read));
        return conduct.check(entry.name(), aimed.orElse(TCP), weight);
    }
}
