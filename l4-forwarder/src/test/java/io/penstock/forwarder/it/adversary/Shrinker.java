package io.penstock.forwarder.it.adversary;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Looks for a shorter script that still fails: without a step, or with a smaller amount. */
final class Shrinker {
    private final Predicate<Script> fails;
    private int attemptsLeft;

    /**
     * Makes one for a failure.
     *
     * @param attempts how often {@code fails} is asked, at most
     */
    Shrinker(Predicate<Script> fails, int attempts) {
        this.fails = fails;
        attemptsLeft = attempts;
    }

    /** The shortest that was found, or the script itself. */
    Script shrink(Script script) {
        Script best = script;
        Script shorter = shorter(best);
        while (shorter != null) {
            best = shorter;
            shorter = shorter(best);
        }
        return best;
    }

    private Script shorter(Script script) {
        return candidates(script)
                .filter(candidate -> attemptsLeft-- > 0 && fails.test(candidate))
                .findFirst()
                .orElse(null);
    }

    private static Stream<Script> candidates(Script script) {
        Stream<Script> ofClient = candidates(script.client()).map(client -> scriptOrNull(client, script.backend()));
        Stream<Script> ofBackend = candidates(script.backend()).map(backend -> scriptOrNull(script.client(), backend));
        return Stream.concat(ofClient, ofBackend).filter(Objects::nonNull);
    }

    /** Null when a step cannot be done without, such as the client's connect. */
    private static Script scriptOrNull(List<Op> client, List<Op> backend) {
        try {
            return new Script(client, backend);
        } catch (IllegalArgumentException invalid) {
            return null;
        }
    }

    private static Stream<List<Op>> candidates(List<Op> ops) {
        List<List<Op>> candidates = new ArrayList<>();
        for (int i = 0; i < ops.size(); i++) {
            List<Op> without = new ArrayList<>(ops);
            without.remove(i);
            candidates.add(without);
        }
        for (int i = 0; i < ops.size(); i++) {
            Op op = ops.get(i);
            if (op.kind().hasAmount() && !op.isWholeStream() && op.amount() > 1) {
                List<Op> smaller = new ArrayList<>(ops);
                smaller.set(i, new Op(op.kind(), op.amount() / 2));
                candidates.add(smaller);
            }
        }
        return candidates.stream();
    }
}
