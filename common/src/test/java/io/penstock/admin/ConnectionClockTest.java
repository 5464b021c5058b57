package io.penstock.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.admin.ConnectionClock.Phase;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionClockTest {
    private final ConnectionClock clock = new ConnectionClock();
    private EmbeddedChannel channel;

    @BeforeEach
    void open() {
        channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(clock);
        channel.pipeline().fireChannelActive();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private void receive() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[1]));
    }

    @Test
    void shouldCloseAConnectionThatSaysNothing() {
        pass(29);
        assertTrue(channel.isOpen());
        pass(1);
        assertFalse(channel.isOpen());
    }

    @Test
    void shouldNotBeKeptOpenByAnOctetNowAndThen() {
        for (int second = 0; second < 9; second++) {
            receive();
            pass(1);
        }
        assertTrue(channel.isOpen());
        receive();
        pass(1);
        assertFalse(channel.isOpen());
    }

    @Test
    void shouldGiveHandlersTheTimeTheyTake() {
        receive();
        clock.enter(Phase.WORKING);
        pass(3_600);
        assertTrue(channel.isOpen());
    }

    @Test
    void shouldCloseAConnectionThatDoesNotTakeItsAnswer() {
        receive();
        clock.enter(Phase.WORKING);
        clock.enter(Phase.SENDING);
        pass(30);
        assertFalse(channel.isOpen());
    }

    @Test
    void shouldBeginAnewWithEachRequest() {
        receive();
        pass(9);
        clock.enter(Phase.WORKING);
        clock.enter(Phase.SENDING);
        clock.enter(Phase.IDLE);
        pass(29);
        receive();
        pass(9);
        assertTrue(channel.isOpen());
        assertEquals(Phase.RECEIVING, clock.phase());
    }

    @Test
    void shouldDropWhatComesAfterTheLastAnswer() {
        clock.enter(Phase.CLOSING);
        receive();
        receive();
        assertTrue(channel.inboundMessages().isEmpty());
        pass(2);
        assertFalse(channel.isOpen());
    }
}
