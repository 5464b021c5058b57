package io.penstock.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CountersTest {
    private enum Fruit {
        APPLE,
        PEAR
    }

    @Test
    void shouldCountEachConstantByItself() {
        Counters<Fruit> counters = new Counters<>(Fruit.class);
        counters.increment(Fruit.PEAR);
        counters.add(Fruit.PEAR, 1L << 40);
        assertEquals(0, counters.value(Fruit.APPLE));
        assertEquals((1L << 40) + 1, counters.value(Fruit.PEAR));
    }

    @Test
    void shouldSumThreadsWithEveryConstantPresent() {
        Counters<Fruit> one = new Counters<>(Fruit.class);
        Counters<Fruit> other = new Counters<>(Fruit.class);
        one.add(Fruit.APPLE, 2);
        other.add(Fruit.APPLE, 3);
        assertEquals(Map.of(Fruit.APPLE, 5L, Fruit.PEAR, 0L), Counters.sum(Fruit.class, List.of(one, other)));
        assertEquals(Map.of(Fruit.APPLE, 0L, Fruit.PEAR, 0L), Counters.sum(Fruit.class, List.of()));
    }

    @Test
    @Timeout(20)
    void shouldBeReadableWhileItsThreadWrites() throws InterruptedException {
        Counters<Fruit> counters = new Counters<>(Fruit.class);
        long last = 1_000_000;
        Thread writer = new Thread(() -> {
            for (long i = 0; i < last; i++) {
                counters.increment(Fruit.APPLE);
            }
        });
        writer.start();
        long seen = 0;
        while (seen < last) {
            long now = counters.value(Fruit.APPLE);
            assertTrue(now >= seen, "never goes back");
            seen = now;
        }
        writer.join();
        assertEquals(last, counters.value(Fruit.APPLE));
    }
}
