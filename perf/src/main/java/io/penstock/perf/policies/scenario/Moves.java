package io.penstock.perf.policies.scenario;

/**
 * What became of flows when one backend was taken out.
 *
 * @param flows in all
 * @param unavoidable those that were at it
 * @param needless those that were not, and yet changed their backend
 */
public record Moves(int flows, int unavoidable, int needless) {
    /**
     * Compares two answers to the same flows.
     *
     * @param before the backend of each flow
     * @param after the same once {@code removed} was out
     */
    public static Moves between(int[] before, int[] after, int removed) {
        if (before.length != after.length) {
            throw new IllegalArgumentException(before.length + " flows before, " + after.length + " after");
        }
        int unavoidable = 0;
        int needless = 0;
        for (int flow = 0; flow < before.length; flow++) {
            if (before[flow] == removed) {
                unavoidable++;
            } else if (before[flow] != after[flow]) {
                needless++;
            }
        }
        return new Moves(before.length, unavoidable, needless);
    }

    public double unavoidableShare() {
        return flows == 0 ? 0 : (double) unavoidable / flows;
    }

    /** Of the flows that could have stayed. */
    public double needlessShare() {
        return flows == unavoidable ? 0 : (double) needless / (flows - unavoidable);
    }
}
