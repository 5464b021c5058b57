package io.penstock.perf.failures;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What happens to one of the backends. */
enum Failure {
    KILLED("SIGKILL: the process is gone and the kernel refuses connections; then it is started again"),
    REFUSING("the process lives and closes its listener: new connections are refused, open ones go on"),
    STOPPED("SIGSTOP: the kernel accepts until the listen queue is full, and nobody answers; then SIGCONT"),
    BLACKHOLED("nftables drops every packet from and to it"),
    SILENT("it accepts and never answers"),
    RESETTING("it accepts and resets at once");

    private final String description;

    Failure(String description) {
        this.description = description;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    /** Whether rules of packet filtering are set, which must only happen in a network of our own. */
    boolean needsOwnNetwork() {
        return this == BLACKHOLED;
    }

    static Optional<Failure> named(String label) {
        return Arrays.stream(values())
                .filter(failure -> failure.label().equals(label))
                .findFirst();
    }
}
