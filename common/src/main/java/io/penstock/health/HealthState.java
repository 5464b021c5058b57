package io.penstock.health;

/**
 * Rise and fall of one target. It begins up, so that a start does not refuse clients until the first probes are back,
 * and the first result alone decides; after that it takes {@code rise} or {@code fall} results in a row. NOT thread
 * safe.
 */
final class HealthState {
    private final int rise;
    private final int fall;
    private boolean up = true;
    private boolean decided;
    private int against;

    HealthState(int rise, int fall) {
        this.rise = rise;
        this.fall = fall;
    }

    boolean isUp() {
        return up;
    }

    /** True when this result changed the state. */
    boolean onResult(boolean success) {
        boolean first = !decided;
        decided = true;
        if (success == up) {
            against = 0;
            return false;
        }
        against++;
        if (!first && against < (success ? rise : fall)) {
            return false;
        }
        up = success;
        against = 0;
        return true;
    }
}
