package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;

/** What tests that load programs share. They skip themselves where they may not. */
public final class BpfRig {
    private static final AtomicInteger PINS = new AtomicInteger();

    private BpfRig() {}

    /** For what a class makes once; its tests are skipped one by one, for of a class that is skipped whole nobody hears why. */
    public static boolean isLoadable() {
        return Requirements.problems().isEmpty();
    }

    /** The calling test is skipped where no program can be loaded. */
    public static void assumeLoadable() {
        List<String> problems = Requirements.problems();
        assumeTrue(problems.isEmpty(), () -> "skipped: " + String.join("; ", problems));
    }

    /** The sample, loaded. */
    static BpfObject sample() throws BpfException {
        BpfObject sample = BpfObject.open("sample.bpf.o");
        sample.load();
        return sample;
    }

    /** A directory for pins that nobody else has; the test removes it. */
    public static Path pins() throws BpfException {
        return BpfPins.directory(
                BpfPins.ROOT.resolve("penstock-test-" + ProcessHandle.current().pid() + "-" + PINS.incrementAndGet()));
    }

    /** As when the kernel refuses. */
    public static BpfException failure(String message) {
        return new BpfException(message);
    }

    public static UnsafeBuffer ofInt(int value) {
        UnsafeBuffer buffer = Memory.zeroed(Integer.BYTES);
        Memory.putInt(buffer, 0, value);
        return buffer;
    }

    public static UnsafeBuffer ofLong(long value) {
        UnsafeBuffer buffer = Memory.zeroed(Long.BYTES);
        Memory.putLong(buffer, 0, value);
        return buffer;
    }
}
