package io.penstock.forwarder.it.adversary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final Script LONG =
            Script.parse("client: B:4096 C S:1000 P:3 S:64 U H R* | backend: P:2 A R:500 S:77 X");

    @Test
    void shouldKeepOnlyWhatTheFailureNeeds() {
        Script shortest = new Shrinker(ShrinkerTest::sendsThenResets, 1_000).shrink(LONG);
        assertEquals("client: C S:64 | backend: A X", shortest.toString());
    }

    @Test
    void shouldKeepTheScriptWhenNothingShorterFails() {
        assertEquals(LONG, new Shrinker(LONG::equals, 1_000).shrink(LONG));
    }

    @Test
    void shouldAskNoMoreOftenThanItMay() {
        AtomicInteger asked = new AtomicInteger();
        Script shorter = new Shrinker(
                        script -> {
                            asked.incrementAndGet();
                            return sendsThenResets(script);
                        },
                        5)
                .shrink(LONG);
        assertEquals(5, asked.get());
        assertTrue(sendsThenResets(shorter));
    }

    /** Fails while the client sends at least 33 bytes at once and the backend resets. */
    private static boolean sendsThenResets(Script script) {
        return script.client().stream().anyMatch(op -> op.kind() == Op.Kind.SEND && op.amount() > 32)
                && script.backend().stream().anyMatch(op -> op.kind() == Op.Kind.RESET);
    }
}
