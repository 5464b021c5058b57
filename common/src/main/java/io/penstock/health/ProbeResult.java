package io.penstock.health;

/**
 * What one probe found.
 *
 * @param evidence one line of printable text, such as {@code connection refused}
 */
public record ProbeResult(Outcome outcome, String evidence) {
    /** What it says about the target. */
    public enum Outcome {
        SUCCESS,
        FAILURE,
        /** This host could not even try; that says nothing about the target. */
        NO_VERDICT
    }

    static ProbeResult success(String evidence) {
        return new ProbeResult(Outcome.SUCCESS, evidence);
    }

    static ProbeResult failure(String evidence) {
        return new ProbeResult(Outcome.FAILURE, evidence);
    }

    static ProbeResult noVerdict(String evidence) {
        return new ProbeResult(Outcome.NO_VERDICT, evidence);
    }
}
