package io.penstock.ecmp.router;

import io.penstock.ecmp.kernel.KernelChange;
import java.util.List;

/**
 * The way from what is there to what should be.
 *
 * @param changes in this order: what is needed comes before what needs it, and new ways before old ones go
 * @param conflicts what cannot be had because it is someone else's, for people
 */
public record RouterStep(List<KernelChange> changes, List<String> conflicts) {
    public RouterStep {
        changes = List.copyOf(changes);
        conflicts = List.copyOf(conflicts);
    }
}
