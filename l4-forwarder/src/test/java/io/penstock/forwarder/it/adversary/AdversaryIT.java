package io.penstock.forwarder.it.adversary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A short campaign of the scripts that {@code scripts/adversary} plays at length. */
@Timeout(300)
class AdversaryIT {
    private static final long FIXED_SEED = 1;
    private static final int SCRIPTS = 4_000;

    @TempDir
    Path directory;

    static LongStream seeds() {
        return LongStream.of(FIXED_SEED, ThreadLocalRandom.current().nextLong(1L << 32));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldShowBothSidesWhatADirectConnectionWould(long seed) throws Exception {
        System.out.println("adversary: seed " + seed);
        try (Adversary adversary = new Adversary(directory, tally -> {})) {
            List<Failure> failures = adversary.play(new ScriptGenerator(seed)::script, SCRIPTS);
            assertEquals(List.of(), failures, () -> "seed " + seed + "; see scripts/adversary --replay");
            assertEquals(List.of(), adversary.problems(), () -> "seed " + seed);
            assertTrue(adversary.tally().bulk() > SCRIPTS / 10, adversary.tally()::toString);
            assertTrue(adversary.tally().compared() > SCRIPTS / 10, adversary.tally()::toString);
        }
    }
}
