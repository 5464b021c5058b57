package io.penstock.health;

/** Rise and fall of one check of one target. NOT thread safe. */
final class CheckState {
    private final int rise;
    private final int fall;
    private boolean up;
    private boolean decided;
    private int against;

    CheckState(Schedule.Initial initial, int rise, int fall) {
        this.rise = rise;
        this.fall = fall;
        up = initial.isUp();
        decided = !initial.isDecidedByFirstResult();
    }

    boolean isUp() {
        return up;
    }

    /** Whether something speaks against the state: no result yet, or some that contradict it, but not enough of them. */
    boolean isInDoubt() {
        return !decided || against > 0;
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
