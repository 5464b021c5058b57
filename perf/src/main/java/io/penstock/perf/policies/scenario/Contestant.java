package io.penstock.perf.policies.scenario;

import io.penstock.forwarder.balance.HashInput;
import io.penstock.forwarder.balance.PolicyKind;
import io.penstock.forwarder.balance.PolicySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A policy with its settings.
 *
 * @param balance the same as an operator writes it, without braces
 */
public record Contestant(String name, PolicySpec spec, HashInput hashInput, String balance) {
    private static final int LOAD_FACTOR_PERCENT = 125;
    private static final int PREFIX = 24;

    /** Every kind with what it comes with, and those that hash with what can be added; in the order of tables. */
    public static List<Contestant> all() {
        List<Contestant> all = new ArrayList<>();
        for (PolicyKind kind : PolicyKind.values()) {
            all.add(plain(kind));
            if (kind == PolicyKind.MAGLEV) {
                all.add(bounded(kind));
                all.add(bySource("maglev-source", HashInput.SOURCE, ""));
                all.add(bySource(
                        "maglev-source-" + PREFIX,
                        new HashInput(true, PREFIX, HashInput.SOURCE.ipv6Prefix()),
                        ", source-prefix: { ipv4: " + PREFIX + " }"));
            } else if (kind == PolicyKind.RING_HASH) {
                all.add(bounded(kind));
            }
        }
        return List.copyOf(all);
    }

    private static Contestant plain(PolicyKind kind) {
        String word = word(kind);
        return new Contestant(word, spec(kind, PolicySpec.UNBOUNDED), HashInput.FLOW, "policy: " + word);
    }

    private static Contestant bounded(PolicyKind kind) {
        String word = word(kind);
        return new Contestant(
                word + "-" + LOAD_FACTOR_PERCENT,
                spec(kind, LOAD_FACTOR_PERCENT),
                HashInput.FLOW,
                "policy: " + word + ", load-factor: " + LOAD_FACTOR_PERCENT + "%");
    }

    private static Contestant bySource(String name, HashInput hashInput, String more) {
        return new Contestant(
                name,
                spec(PolicyKind.MAGLEV, PolicySpec.UNBOUNDED),
                hashInput,
                "policy: " + word(PolicyKind.MAGLEV) + ", hash: source" + more);
    }

    private static PolicySpec spec(PolicyKind kind, int loadFactorPercent) {
        return new PolicySpec(kind, PolicySpec.DEFAULT_TABLE_SIZE, PolicySpec.DEFAULT_RING_SIZE, loadFactorPercent);
    }

    /** As in a configuration file. */
    private static String word(PolicyKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean is(PolicyKind kind) {
        return spec.kind() == kind;
    }

    /** Whether a flow's backend depends on nothing but its hash. */
    public boolean isConsistent() {
        return (is(PolicyKind.MAGLEV) || is(PolicyKind.RING_HASH)) && !isBounded();
    }

    private boolean isBounded() {
        return spec.loadFactorPercent() != PolicySpec.UNBOUNDED;
    }

    /** How many things are told apart: clients, networks of clients, or no end of flows. */
    public double sources() {
        if (!hashInput.source()) {
            return Double.POSITIVE_INFINITY;
        }
        return hashInput.ipv4Prefix() == PREFIX ? Scenario.NETWORKS : Scenario.CLIENTS;
    }
}
