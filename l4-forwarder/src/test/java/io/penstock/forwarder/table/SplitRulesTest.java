package io.penstock.forwarder.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.balance.Selection;
import io.penstock.net.FlowHash;
import io.penstock.net.IpPrefix;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SplitRulesTest {
    private static final int CLIENTS = 100_000;
    private static final int FIRST = 1;
    private static final int SECOND = 2;

    /** How many clients go from each side to each. */
    private static int[][] moves(SplitRules before, SplitRules after, long seed) {
        int[][] moves = new int[3][3];
        Selection random = new Selection(seed);
        for (int i = 0; i < CLIENTS; i++) {
            long high = random.nextRandom();
            long low = random.nextRandom();
            moves[before.sideOf(high, low)][after.sideOf(high, low)]++;
        }
        return moves;
    }

    private static SplitRules.Builder rules(long key) {
        return new SplitRules.Builder(new FlowHash(key, ~key));
    }

    /** Within six standard deviations: it fails once in hundreds of millions of runs. */
    private static void assertShare(double wanted, int of, int was) {
        double deviation = Math.sqrt(of * wanted * (1 - wanted));
        assertTrue(Math.abs(was - of * wanted) <= 6 * deviation + 1, was + " of " + of + ", wanted " + wanted);
    }

    @Property(tries = 50)
    void shouldMoveWhatACanaryGainsAndNothingElse(
            @ForAll long key,
            @ForAll @IntRange(max = SplitRules.WHOLE) int one,
            @ForAll @IntRange(max = SplitRules.WHOLE) int other) {
        int less = Math.min(one, other);
        int more = Math.max(one, other);
        int[][] moves = moves(
                rules(key).share(FIRST, "canary", less).build(),
                rules(key).share(FIRST, "canary", more).build(),
                key);
        assertShare((double) (more - less) / SplitRules.WHOLE, CLIENTS, moves[SplitRules.REST][FIRST]);
        assertEquals(0, moves[FIRST][SplitRules.REST], "nobody leaves the canary");
    }

    @Example
    void shouldMoveATenthWhenACanaryIsRaisedFromATenthToAFifth() {
        int[][] moves = moves(
                rules(1).share(FIRST, "canary", 1000).build(),
                rules(1).share(FIRST, "canary", 2000).build(),
                1);
        assertShare(0.1, CLIENTS, moves[SplitRules.REST][FIRST]);
        assertShare(0.1, CLIENTS, moves[FIRST][FIRST]);
        assertShare(0.8, CLIENTS, moves[SplitRules.REST][SplitRules.REST]);
        assertEquals(0, moves[FIRST][SplitRules.REST]);
    }

    @Example
    void shouldMoveEverybodyWhenBlueBecomesGreen() {
        SplitRules blue = rules(1).share(FIRST, "green", 0).build();
        SplitRules green = rules(1).share(FIRST, "green", SplitRules.WHOLE).build();
        assertEquals(CLIENTS, moves(blue, green, 1)[SplitRules.REST][FIRST]);
    }

    @Property(tries = 50)
    void shouldLeaveTheOthersAloneWhenTheLastShareGrows(
            @ForAll long key,
            @ForAll @IntRange(max = 4000) int first,
            @ForAll @IntRange(max = 3000) int before,
            @ForAll @IntRange(max = 3000) int gain) {
        int[][] moves = moves(
                rules(key).share(FIRST, "a", first).share(SECOND, "b", before).build(),
                rules(key)
                        .share(FIRST, "a", first)
                        .share(SECOND, "b", before + gain)
                        .build(),
                key);
        assertShare((double) gain / SplitRules.WHOLE, CLIENTS, moves[SplitRules.REST][SECOND]);
        assertEquals(0, moves[FIRST][SECOND] + moves[FIRST][SplitRules.REST] + moves[SplitRules.REST][FIRST]);
        assertEquals(0, moves[SECOND][FIRST] + moves[SECOND][SplitRules.REST]);
    }

    /** Of the tenth that the first gains, it takes a ninth from the second, which takes that from the rest. */
    @Example
    void shouldShiftTheSecondShareByItsPartOfWhatTheFirstGains() {
        int[][] moves = moves(
                rules(1).share(FIRST, "a", 1000).share(SECOND, "b", 1000).build(),
                rules(1).share(FIRST, "a", 2000).share(SECOND, "b", 1000).build(),
                1);
        assertShare(0.1 / 9, CLIENTS, moves[SECOND][FIRST]);
        assertShare(0.1 * 8 / 9, CLIENTS, moves[SplitRules.REST][FIRST]);
        assertShare(0.1 / 9, CLIENTS, moves[SplitRules.REST][SECOND]);
        assertEquals(0, moves[FIRST][SECOND] + moves[FIRST][SplitRules.REST] + moves[SECOND][SplitRules.REST]);
    }

    @Property(tries = 50)
    void shouldGiveEachItsShareOfAll(
            @ForAll long key, @ForAll @IntRange(max = 5000) int first, @ForAll @IntRange(max = 5000) int second) {
        SplitRules rules =
                rules(key).share(FIRST, "a", first).share(SECOND, "b", second).build();
        int[][] moves = moves(rules, rules, key);
        assertShare((double) first / SplitRules.WHOLE, CLIENTS, moves[FIRST][FIRST]);
        assertShare((double) second / SplitRules.WHOLE, CLIENTS, moves[SECOND][SECOND]);
    }

    /** The canary's clients fall into every part of what a policy that hashes sources looks at, evenly. */
    @Property(tries = 20)
    void shouldSayNothingOfWhatThePoliciesLookAt(@ForAll long key) {
        FlowHash hash = new FlowHash(key, ~key);
        SplitRules rules = rules(key).share(FIRST, "canary", 5000).build();
        int[] upper = new int[16];
        int[] mixed = new int[16];
        int canaries = 0;
        Selection random = new Selection(key);
        for (int i = 0; i < CLIENTS; i++) {
            long high = random.nextRandom();
            long low = random.nextRandom();
            if (rules.sideOf(high, low) == FIRST) {
                canaries++;
                upper[(int) (hash.ofSource(high, low) >>> 60)]++;
                mixed[(int) (Selection.mix(hash.ofSource(high, low)) >>> 60)]++;
            }
        }
        for (int part = 0; part < 16; part++) {
            assertShare(1.0 / 16, canaries, upper[part]);
            assertShare(1.0 / 16, canaries, mixed[part]);
        }
    }

    @Example
    void shouldAskForSourcesBeforeShares() {
        SplitRules rules = rules(1).share(FIRST, "all", SplitRules.WHOLE)
                .sources(SECOND, prefixes("10.0.0.0/8", "2001:db8::/32"))
                .build();
        assertEquals(SECOND, side(rules, "10.1.2.3/32"));
        assertEquals(SECOND, side(rules, "2001:db8::1/128"));
        assertEquals(FIRST, side(rules, "11.0.0.0/32"));
    }

    @Example
    void shouldGoByTheFirstRuleThatHasTheSource() {
        SplitRules rules = rules(1).sources(1, prefixes("10.1.0.0/16"))
                .sources(2, prefixes("10.0.0.0/8"))
                .sources(3, prefixes("10.2.0.0/16", "10.1.0.0/16", "11.0.0.0/8"))
                .build();
        assertEquals(1, side(rules, "10.1.2.3/32"));
        assertEquals(2, side(rules, "10.2.3.4/32"));
        assertEquals(3, side(rules, "11.0.0.1/32"));
        assertEquals(SplitRules.REST, side(rules, "12.0.0.1/32"));
    }

    @Example
    void shouldRefuseMoreThanTheWhole() {
        SplitRules.Builder rules = rules(1).share(FIRST, "a", 6000);
        assertThrows(IllegalArgumentException.class, () -> rules.share(SECOND, "b", 4001));
    }

    private static List<IpPrefix> prefixes(String... texts) {
        return List.of(texts).stream()
                .map(text -> IpPrefix.parse(text).orElseThrow())
                .toList();
    }

    private static int side(SplitRules rules, String host) {
        IpPrefix prefix = IpPrefix.parse(host).orElseThrow();
        return rules.sideOf(prefix.first().high(), prefix.first().low());
    }
}
