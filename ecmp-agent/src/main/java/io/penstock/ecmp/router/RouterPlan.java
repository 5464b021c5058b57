package io.penstock.ecmp.router;

import io.penstock.ecmp.kernel.KernelChange;
import java.util.List;
import java.util.Map;

/**
 * What one reconciliation came to.
 *
 * @param conflicts by route: what cannot be had because it is someone else's
 * @param groups by route: the id of the nexthop group that it leads to
 */
record RouterPlan(List<KernelChange> changes, Map<String, String> conflicts, Map<String, Integer> groups) {}
