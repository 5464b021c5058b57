package io.penstock.perf.policies;

import io.penstock.perf.policies.scenario.Outcome;
import java.util.Map;

/**
 * What every policy led to, by its name and in the order of tables.
 *
 * @param simulation in simulated time
 * @param loopback with real processes and connections; those of other proxies too
 */
record Results(Map<String, Outcome> simulation, Map<String, Outcome> loopback) {}
