package io.penstock.forwarder.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import net.jqwik.api.Example;

/**
 * What policies pick for given ids, weights and key, as digests: the same in every process, on every JVM and in every
 * version, or forwarders of two versions that share traffic would send the same flow to different backends.
 */
class PolicyVectorsTest {
    private static final int PICKS = 100_000;
    private static final long STRIDE = 0x9e3779b97f4a7c15L;

    @Example
    void shouldPickAsEverWhenMaglevHashes() {
        assertEquals("de4536e3fa6cd417", digest(PolicyKind.MAGLEV, PolicySpec.UNBOUNDED));
    }

    @Example
    void shouldPickAsEverWhenTheRingHashes() {
        assertEquals("e770ef58aa44e973", digest(PolicyKind.RING_HASH, PolicySpec.UNBOUNDED));
    }

    @Example
    void shouldPickAsEverWhenLoadIsBounded() {
        assertEquals("644f1cb560606de8", digest(PolicyKind.MAGLEV, 110));
    }

    @Example
    void shouldPickAsEverWhenInTurn() {
        assertEquals("26c2c9666a1f09fb", digest(PolicyKind.ROUND_ROBIN, PolicySpec.UNBOUNDED));
    }

    /** FNV-1a of the indices picked for the multiples of an odd number, each by a connection that stays. */
    private static String digest(PolicyKind kind, int loadFactorPercent) {
        Group group = new Group(1, 2, 3, 10, 25, 100, 7, 1);
        Policy policy = group.policy(kind, loadFactorPercent);
        long digest = 0xcbf29ce484222325L;
        for (long pick = 1; pick <= PICKS; pick++) {
            group.selection.begin(0);
            int backend = policy.pick(pick * STRIDE, group.selection);
            group.loads[backend].tryAcquire();
            digest = (digest ^ backend) * 0x100000001b3L;
        }
        return HexFormat.of().toHexDigits(digest);
    }
}
