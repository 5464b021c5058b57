package io.penstock.forwarder.reload;

import io.penstock.forwarder.config.BackendConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the operator wants of one backend otherwise than the file says.
 *
 * @param added where the file does not have it
 * @param removed whether it is no backend, though the file has it; nothing else counts then
 */
record BackendOverride(
        Optional<BackendConfig> added, boolean removed, Optional<BackendConfig.State> state, Optional<Integer> weight) {
    static final BackendOverride NONE =
            new BackendOverride(Optional.empty(), false, Optional.empty(), Optional.empty());
    static final BackendOverride REMOVED =
            new BackendOverride(Optional.empty(), true, Optional.empty(), Optional.empty());

    static BackendOverride adds(BackendConfig backend) {
        return new BackendOverride(Optional.of(backend), false, Optional.empty(), Optional.empty());
    }

    BackendOverride with(Optional<BackendConfig.State> otherState, Optional<Integer> otherWeight) {
        return new BackendOverride(added, removed, otherState.or(() -> state), otherWeight.or(() -> weight));
    }

    /** What it becomes; what the file has wins over what was added under the same id. */
    Optional<BackendConfig> above(Optional<BackendConfig> file) {
        return removed ? Optional.empty() : file.or(() -> added).map(this::changed);
    }

    private BackendConfig changed(BackendConfig backend) {
        return backend.with(state.orElse(backend.state()), weight.orElse(backend.weight()));
    }

    boolean differsFrom(Optional<BackendConfig> file) {
        return !above(file).equals(file);
    }

    @Override
    public String toString() {
        if (removed) {
            return "removed";
        }
        List<String> words = new ArrayList<>();
        added.ifPresent(backend -> words.add("added"));
        state.ifPresent(wanted -> words.add("state " + wanted.name().toLowerCase(Locale.ROOT)));
        weight.ifPresent(wanted -> words.add("weight " + wanted));
        return String.join(", ", words);
    }
}
