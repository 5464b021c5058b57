package io.penstock.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static final ServerSentEvent EVENT = new ServerSentEvent(1, "test", "text");
    private static final String TEXT = "id: 1\nevent: test\ndata: text\n\n";

    private final ConnectionClock clock = new ConnectionClock();
    private final AtomicInteger gone = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final EventStream stream = new EventStream(ended -> gone.incrementAndGet());
    private EmbeddedChannel channel;
    private ChannelHandlerContext context;

    @BeforeEach
    void open() {
        channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(clock).addLast("end", new ChannelInboundHandlerAdapter());
        channel.pipeline().fireChannelActive();
        context = channel.pipeline().context("end");
        stream.onClosed(closed::incrementAndGet);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void begin() {
        clock.enter(ConnectionClock.Phase.STREAMING);
        stream.begin(context, clock);
        channel.runPendingTasks();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    /** All that is written, and a bar where it ends. */
    private String written() {
        channel.runPendingTasks();
        StringBuilder text = new StringBuilder();
        for (HttpContent part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.content().toString(StandardCharsets.UTF_8))
                    .append(part instanceof LastHttpContent ? "|" : "");
            part.release();
        }
        return text.toString();
    }

    @Test
    void shouldKeepWhatIsSentBeforeItBegins() {
        assertTrue(stream.trySend(EVENT));
        assertEquals("", written());
        begin();
        assertEquals(TEXT, written());
    }

    @Test
    void shouldSendAllBeforeItsEnd() {
        assertTrue(stream.trySend(EVENT));
        stream.close();
        assertEquals(1, closed.get());
        begin();
        assertEquals(TEXT + "|", written());
        assertFalse(stream.trySend(EVENT));
        assertEquals(1, closed.get());
    }

    @Test
    void shouldSayNowAndThenThatItIsThere() {
        begin();
        pass(14);
        assertEquals("", written());
        pass(1);
        assertEquals(":\n\n", written());
        pass(15);
        assertEquals(":\n\n", written());
    }

    @Test
    void shouldSayNothingMoreAfterItsEnd() {
        begin();
        stream.close();
        assertEquals("|", written());
        pass(15);
        assertEquals("", written());
    }

    @Test
    void shouldGiveUpAClientThatTakesNothing() {
        begin();
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object octets, ChannelPromise never) {
                ReferenceCountUtil.release(octets);
            }
        });
        pass(15);
        assertTrue(channel.isOpen(), "the first that it does not take");
        pass(15);
        assertFalse(channel.isOpen());
        assertEquals(1, closed.get());
        assertTrue(gone.get() > 0);
    }

    @Test
    void shouldBoundWhatAClientHasNotTaken() {
        ServerSentEvent large = new ServerSentEvent(1, "test", "x".repeat(1 << 20));
        assertTrue(stream.trySend(large));
        assertTrue(stream.trySend(large));
        assertTrue(stream.trySend(large));
        assertFalse(stream.trySend(large));
        assertFalse(stream.trySend(EVENT), "it has ended");
        assertEquals(1, closed.get());
        begin();
        assertFalse(channel.isOpen());
        assertEquals("", written());
    }

    @Test
    void shouldTellAtOnceWhoAsksAfterTheEnd() {
        stream.abort();
        stream.onClosed(closed::incrementAndGet);
        assertEquals(2, closed.get());
    }

    @Test
    void shouldEndWithAConnectionThatWasGoneBefore() {
        var unused = channel.close();
        begin();
        assertFalse(stream.trySend(EVENT));
        assertEquals(1, closed.get());
        assertTrue(gone.get() > 0);
    }
}
