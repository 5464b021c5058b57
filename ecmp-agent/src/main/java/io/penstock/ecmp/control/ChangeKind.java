package io.penstock.ecmp.control;

import io.penstock.ecmp.kernel.KernelChange;
import java.util.Locale;

/** What a change does, for counting. */
public enum ChangeKind {
    PUT_ADDRESS,
    REMOVE_ADDRESS,
    PUT_NEXTHOP,
    REMOVE_NEXTHOP,
    PUT_ROUTE,
    REMOVE_ROUTE;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    static ChangeKind of(KernelChange change) {
        if (change instanceof KernelChange.PutAddress) {
            return PUT_ADDRESS;
        }
        if (change instanceof KernelChange.RemoveAddress) {
            return REMOVE_ADDRESS;
        }
        if (change instanceof KernelChange.PutNextHop) {
            return PUT_NEXTHOP;
        }
        if (change instanceof KernelChange.RemoveNextHop) {
            return REMOVE_NEXTHOP;
        }
        return change instanceof KernelChange.PutRoute ? PUT_ROUTE : REMOVE_ROUTE;
    }

    /** As metrics have it. */
    public String label() {
        return label;
    }
}
