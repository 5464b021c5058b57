package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.Test;

/** Tables that others have published. */
class MaglevVectorsTest {
    /** The permutations 3 0 4 1 5 2 6, 0 2 4 6 1 3 5 and 3 4 5 6 0 1 2 of the paper's Table 1 as offset and skip. */
    private static final long[] PAPER_OFFSETS = {3, 0, 3};

    /** The paper's skips 4, 2, 1; a skip hash s becomes s % 6 + 1. */
    private static final long[] PAPER_SKIP_HASHES = {3, 1, 0};

    @Test
    void shouldWalkThePermutationsOfThePaperWhenHashesAreItsOffsetsAndSkips() {
        int[][] permutations = {{3, 0, 4, 1, 5, 2, 6}, {0, 2, 4, 6, 1, 3, 5}, {3, 4, 5, 6, 0, 1, 2}};
        int[] positions = MaglevBuilder.positions(7, PAPER_OFFSETS);
        int[] skips = MaglevBuilder.skips(7, PAPER_SKIP_HASHES);
        for (int backend = 0; backend < 3; backend++) {
            int[] walk = new int[7];
            for (int place = 0; place < 7; place++) {
                walk[place] = (positions[backend] + place * skips[backend]) % 7;
            }
            assertArrayEquals(permutations[backend], walk);
        }
    }

    @Test
    void shouldMatchThePaperWhenItsThreeBackendsAreThere() {
        int[] weights = {1, 1, 1};
        assertArrayEquals(
                new int[] {1, 0, 1, 0, 2, 2, 0},
                slots(MaglevBuilder.build(7, PAPER_OFFSETS, PAPER_SKIP_HASHES, weights)));
    }

    @Test
    void shouldMatchThePaperWhenB1IsGone() {
        int[] weights = {1, 0, 1};
        assertArrayEquals(
                new int[] {0, 0, 0, 0, 2, 2, 2},
                slots(MaglevBuilder.build(7, PAPER_OFFSETS, PAPER_SKIP_HASHES, weights)));
    }

    @Test
    void shouldMatchEnvoyWhenKeysAreAddresses() {
        String[] keys = {"127.0.0.1:90", "127.0.0.1:91", "127.0.0.1:92", "127.0.0.1:93", "127.0.0.1:94", "127.0.0.1:95"
        };
        assertArrayEquals(new int[] {2, 4, 0, 1, 5, 0, 3}, slots(envoy(7, keys, new int[] {1, 1, 1, 1, 1, 1})));
    }

    @Test
    void shouldMatchEnvoyWhenKeysAreNames() {
        String[] keys = {"90", "91", "92", "93", "94", "95"};
        assertArrayEquals(new int[] {2, 5, 0, 3, 4, 1, 0}, slots(envoy(7, keys, new int[] {1, 1, 1, 1, 1, 1})));
    }

    @Test
    void shouldMatchEnvoyWhenOneWeighsTwice() {
        String[] keys = {"127.0.0.1:90", "127.0.0.1:91"};
        assertArrayEquals(
                new int[] {1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1},
                slots(envoy(17, keys, new int[] {1, 2})));
    }

    @Test
    void shouldDifferByOneSlotWhen400BackendsWeighTheSameAsInKatran() {
        int[] weights = new int[400];
        Arrays.fill(weights, 1);
        int[] counts = Tables.build(65_537, Tables.ids(400), weights).slotCounts(400);

        assertEquals(
                1,
                Arrays.stream(counts).max().orElseThrow()
                        - Arrays.stream(counts).min().orElseThrow());
    }

    /** Katran's MaglevHashV2; its first version made a weight a head start only. */
    @Test
    void shouldShareTwoToOneToOneWhenWeightsAreThoseOfKatran() {
        int[] counts = Tables.build(65_537, Tables.ids(3), new int[] {2, 1, 1}).slotCounts(3);

        assertEquals(16_385, counts[0] - Math.min(counts[1], counts[2]));
    }

    private static MaglevTable envoy(int tableSize, String[] keys, int[] weights) {
        long[] offsets = new long[keys.length];
        long[] skips = new long[keys.length];
        for (int i = 0; i < keys.length; i++) {
            byte[] key = keys[i].getBytes(StandardCharsets.US_ASCII);
            offsets[i] = LongHashFunction.xx().hashBytes(key);
            skips[i] = LongHashFunction.xx(1).hashBytes(key);
        }
        return MaglevBuilder.build(tableSize, offsets, skips, weights);
    }

    private static int[] slots(MaglevTable table) {
        int[] slots = new int[table.size()];
        for (int slot = 0; slot < slots.length; slot++) {
            slots[slot] = table.backendAt(slot);
        }
        return slots;
    }
}
