package io.penstock.vrrp.event;

/** What became of one run of a hook. */
public enum HookResult {
    OK("ok"),
    /** It ended with another exit code than 0. */
    FAILED("failed"),
    /** It did not end in time, and was killed with all it had started. */
    TIMEOUT("timeout"),
    NOT_STARTED("not-started");

    private final String label;

    HookResult(String label) {
        this.label = label;
    }

    /** One word, as users see it. */
    public String label() {
        return label;
    }
}
