package io.penstock.forwarder.it.adversary;

import java.util.List;

/**
 * How a run ended.
 *
 * @param timedOut whether a timeout of the forwarder may have ended it
 * @param violation the rule that was broken, or null
 */
record Result(Job job, Observed client, Observed backend, boolean timedOut, String violation) {
    boolean isDeterministic() {
        return !timedOut && violation == null && Rules.isDeterministic(client, backend);
    }

    /** What differs from the same script over a direct connection, where only one outcome is right; or null. */
    String difference(Result direct) {
        if (!isDeterministic() || !direct.isDeterministic()) {
            return null;
        }
        String difference = difference("client", job.script().client(), client, direct.client);
        return difference != null
                ? difference
                : difference("backend", job.script().backend(), backend, direct.backend);
    }

    private static String difference(String name, List<Op> ops, Observed forwarded, Observed direct) {
        // Whether the end comes while such a step still sends is a matter of time.
        boolean seesEndByChance = ops.stream().anyMatch(op -> op.kind() == Op.Kind.DUPLEX);
        boolean sameEnd = seesEndByChance || forwarded.endOfStream() == direct.endOfStream();
        return sameEnd && forwarded.received() == direct.received()
                ? null
                : "the " + name + " saw " + forwarded + ", but over a direct connection " + direct;
    }
}
