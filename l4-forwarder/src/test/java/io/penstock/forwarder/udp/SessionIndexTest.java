package io.penstock.forwarder.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.net.FlowHash;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SessionIndexTest {
    private static final FlowHash HASH = new FlowHash(1, 2);
    private static final long ALL_BITS = -1;

    private record Key(
            long clientHigh, long clientLow, int clientPort, long localHigh, long localLow, int localPort, int extra) {
        long hash(SessionIndex index) {
            return index.hash(clientHigh, clientLow, clientPort, localHigh, localLow, localPort, extra);
        }

        int find(SessionIndex index) {
            long hash = hash(index);
            return index.find(hash, clientHigh, clientLow, clientPort, localHigh, localLow, localPort, extra);
        }

        void put(SessionIndex index, int slot) {
            long hash = hash(index);
            index.put(slot, hash, clientHigh, clientLow, clientPort, localHigh, localLow, localPort, extra);
        }

        static Key in(SessionIndex index, int slot) {
            return new Key(
                    index.clientHigh(slot),
                    index.clientLow(slot),
                    index.clientPort(slot),
                    index.localHigh(slot),
                    index.localLow(slot),
                    index.localPort(slot),
                    index.extra(slot));
        }

        /** Differs from all others, in the client's address and port. */
        static Key of(int number) {
            return new Key(0, 0xffff_7f00_0000L + number / 60_000, number % 60_000, 0, 0xffff_7f00_0001L, 53, 0);
        }
    }

    /** Two values a field, which differ in their highest or lowest bits only: what is not compared is confused. */
    @Provide
    Arbitrary<List<Key>> keys() {
        Arbitrary<Long> word = Arbitraries.of(0L, Long.MIN_VALUE, 1L);
        Arbitrary<Integer> port = Arbitraries.of(0, 0xffff, 0x8000);
        Arbitrary<Integer> extra = Arbitraries.of(0, -1, 1);
        return Combinators.combine(word, word, port, word, word, port, extra)
                .as(Key::new)
                .list()
                .ofMaxSize(200);
    }

    /** From all keys on one place to as good as none on the same, and a run that goes round the end of the table. */
    @Provide
    Arbitrary<Long> hashBits() {
        return Arbitraries.of(0L, 1L, 16L, 3L << 4, 0x1eL, 0xffff_fff8L, ALL_BITS);
    }

    /** A key that comes up is put when it is absent, and taken out when it is there. */
    @Property(tries = 2_000)
    void shouldFindWhatAMapFinds(@ForAll("keys") List<Key> keys, @ForAll("hashBits") long hashBits) {
        SessionIndex index = new SessionIndex(HASH, hashBits, 0);
        Map<Key, Integer> model = new HashMap<>();
        Set<Key> seen = new HashSet<>();
        Deque<Integer> free = new ArrayDeque<>();
        for (Key key : keys) {
            seen.add(key);
            Integer slot = model.remove(key);
            if (slot == null) {
                int taken = free.isEmpty() ? model.size() : free.pop();
                key.put(index, taken);
                model.put(key, taken);
            } else {
                index.remove(slot);
                free.push(slot);
            }
            for (Key one : seen) {
                assertEquals(model.getOrDefault(one, SessionIndex.NONE), one.find(index));
            }
            assertEquals(model.size(), index.size());
        }
        model.forEach((key, slot) -> assertEquals(key, Key.in(index, slot)));
    }

    @Example
    void shouldFindAllThatAreLeftWhenItHasGrown() {
        int sessions = 200_000;
        SessionIndex index = new SessionIndex(0);
        for (int i = 0; i < sessions; i++) {
            Key.of(i).put(index, i);
        }
        for (int i = 0; i < sessions; i += 2) {
            index.remove(i);
        }
        assertEquals(sessions / 2, index.size());
        for (int i = 0; i < sessions; i++) {
            assertEquals(i % 2 == 0 ? SessionIndex.NONE : i, Key.of(i).find(index));
        }
    }

    /** The last places of a table and its first are neighbours. */
    @Example
    void shouldCloseAGapAcrossTheEndOfTheTable() {
        SessionIndex index = new SessionIndex(HASH, 0xffff_fff8L, 0);
        for (int i = 0; i < 16; i++) {
            Key.of(i).put(index, i);
        }
        for (int removed = 0; removed < 16; removed++) {
            index.remove(removed);
            for (int i = 0; i < 16; i++) {
                assertEquals(i <= removed ? SessionIndex.NONE : i, Key.of(i).find(index));
            }
        }
    }

    @Example
    void shouldHaveAKeyOfItsOwn() {
        Key key = Key.of(1);
        assertNotEquals(key.hash(new SessionIndex(1)), key.hash(new SessionIndex(1)));
    }

    /** Backends' numbers follow each other: their sessions with one client must not share a place of the table. */
    @Example
    void shouldSpreadSessionsThatDifferInTheExtraNumberOnly() {
        SessionIndex index = new SessionIndex(HASH, ALL_BITS, 0);
        Set<Integer> places = new HashSet<>();
        for (int extra = 0; extra < 64; extra++) {
            places.add((int) index.hash(0, 1, 2, 3, 4, 5, extra) & 127);
        }
        assertEquals(64, places.size());
    }

    @Example
    void shouldRefuseToRemoveWhatIsNotThere() {
        SessionIndex index = new SessionIndex(8);
        Key.of(1).put(index, 3);
        index.remove(3);
        assertThrows(IllegalStateException.class, () -> index.remove(3));
    }
}
