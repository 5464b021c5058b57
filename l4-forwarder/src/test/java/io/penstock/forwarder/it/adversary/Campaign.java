package io.penstock.forwarder.it.adversary;

import io.penstock.forwarder.it.adversary.Run.Way;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Plays the scripts of one numbering through the forwarder, and each that does not depend on timing over a direct
 * connection too. Stops starting scripts at the first failure.
 */
final class Campaign {
    private final Arena arena;
    private final Consumer<Tally> progress;
    private final Tally tally = new Tally();
    private final List<Failure> failures = new ArrayList<>();
    private final Queue<Job> direct = new ArrayDeque<>();
    private final Map<Long, Result> forwarded = new HashMap<>();

    private long next;

    /** @param progress is told after every script */
    Campaign(Arena arena, Consumer<Tally> progress) {
        this.arena = arena;
        this.progress = progress;
    }

    /** Plays so many more; numbers go on where the last call stopped. Empty when all were as they must be. */
    List<Failure> play(LongFunction<Script> scripts, long count) {
        long end = next + count;
        arena.play(
                () -> {
                    if (!direct.isEmpty()) {
                        return direct.remove();
                    }
                    return next == end || !failures.isEmpty()
                            ? null
                            : new Job(next, scripts.apply(next++), Way.FORWARDED);
                },
                this::onResult);
        return List.copyOf(failures);
    }

    Tally tally() {
        return tally;
    }

    private void onResult(Result result) {
        Job job = result.job();
        if (result.violation() != null) {
            failures.add(new Failure(result.violation(), result));
        }
        if (job.way() == Way.DIRECT) {
            compare(forwarded.remove(job.number()), result);
            return;
        }
        tally.addForwarded(result);
        if (!job.mayStall()) {
            forwarded.put(job.number(), result);
            direct.add(new Job(job.number(), job.script(), Way.DIRECT, false));
        }
        progress.accept(tally);
    }

    private void compare(Result through, Result direct) {
        String difference = through.difference(direct);
        if (difference != null) {
            failures.add(new Failure(difference, through));
        } else if (through.isDeterministic() && direct.isDeterministic()) {
            tally.addCompared();
        }
    }
}
