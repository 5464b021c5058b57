package io.penstock.perf.failures;

import java.util.Arrays;
import java.util.Optional;

/**
 * How failures are found; the same for both balancers.
 *
 * <p>The times are short so that a run is, and chosen so that each means the same to both: HAProxy gives a check {@code
 * min(timeout connect, inter)} to connect and {@code timeout check} more to answer (manual of 2.6, "timeout check"), we
 * give it one timeout for all, so connects of clients and of checks have the same quarter of a second.
 */
enum Settings {
    TCP("tcp", false, false, "TCP checks"),
    TCP_PASSIVE("tcp-passive", false, true, "TCP checks and what clients' connections meet"),
    HTTP("http", true, false, "HTTP checks"),
    HTTP_PASSIVE("http-passive", true, true, "HTTP checks and what clients' connections meet");

    static final int INTERVAL_MS = 500;

    /** Between checks while the state is in doubt. */
    static final int FAST_INTERVAL_MS = 250;

    static final int CHECK_TIMEOUT_MS = 250;
    static final int CONNECT_TIMEOUT_MS = 250;
    static final int RISE = 2;
    static final int FALL = 3;

    /** The first and two more, each on another backend. */
    static final int CONNECT_ATTEMPTS = 3;

    /** Failures in a row that clients' connections meet before the backend is taken out. */
    static final int ERROR_LIMIT = 3;

    /** More than any client waits. */
    static final int IDLE_TIMEOUT_S = 10;

    private final String label;
    private final boolean http;
    private final boolean passive;
    private final String description;

    Settings(String label, boolean http, boolean passive, String description) {
        this.label = label;
        this.http = http;
        this.passive = passive;
        this.description = description;
    }

    String label() {
        return label;
    }

    String description() {
        return description;
    }

    boolean isHttp() {
        return http;
    }

    boolean isPassive() {
        return passive;
    }

    static Optional<Settings> named(String label) {
        return Arrays.stream(values())
                .filter(settings -> settings.label.equals(label))
                .findFirst();
    }
}
