package io.penstock.forwarder.it.adversary;

import io.penstock.forwarder.it.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** A forwarder of its own, and scripts played through it. */
final class Adversary implements AutoCloseable {
    /** Scripts at the same time. */
    static final int IN_FLIGHT = 128;

    /** Copies of a script that are played to see whether it fails: what fails may do so only now and then. */
    private static final int COPIES = 256;

    private static final int SHRINK_ATTEMPTS = 100;
    private static final long SHRINK_LIMIT_NS = 60_000_000_000L;

    private final PortPool ports = new PortPool(Ports.free(PortPool.ALL));
    private final Target target;
    private final Arena arena;
    private final Campaign campaign;
    private final List<String> problems = new ArrayList<>();

    /** @param progress is told after every script of {@link #play} */
    Adversary(Path directory, Consumer<Tally> progress) throws Exception {
        target = Target.start(directory, ports);
        arena = new Arena(ports, IN_FLIGHT);
        campaign = new Campaign(arena, progress);
    }

    /**
     * Plays the scripts in two halves and looks for what each leaves behind.
     *
     * @return the scripts that failed; empty when all was as it must be
     */
    List<Failure> play(LongFunction<Script> scripts, long count) throws Exception {
        List<Failure> failures = campaign.play(scripts, count / 2);
        if (failures.isEmpty()) {
            target.settle();
            target.markHeap();
            failures = campaign.play(scripts, count - count / 2);
        }
        if (failures.isEmpty()) {
            target.settle();
            problems.addAll(target.leaks());
            problems.addAll(target.contradictions(campaign.tally()));
        }
        return failures;
    }

    /** What {@link #play} found that no single script is to blame for. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    Tally tally() {
        return campaign.tally();
    }

    Target target() {
        return target;
    }

    /** Plays many copies of one script; the first failure, or null. */
    Failure replay(Script script, long copies) {
        List<Failure> failures = new Campaign(arena, tally -> {}).play(number -> script, copies);
        return failures.isEmpty() ? null : failures.get(0);
    }

    /** A shorter script that fails too, or the same. */
    Script shrink(Script script) {
        long deadlineNs = System.nanoTime() + SHRINK_LIMIT_NS;
        Predicate<Script> fails = candidate -> System.nanoTime() < deadlineNs && replay(candidate, COPIES) != null;
        return new Shrinker(fails, SHRINK_ATTEMPTS).shrink(script);
    }

    @Override
    public void close() {
        arena.close();
        target.close();
    }
}
