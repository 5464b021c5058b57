package io.penstock.admin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OffHeapOutputTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final OffHeapOutput output = new OffHeapOutput(allocator);

    @AfterEach
    void shouldHaveReleasedEverything() {
        assertEquals(0, allocator.metric().usedDirectMemory());
        assertEquals(0, allocator.metric().usedHeapMemory());
    }

    @Test
    void shouldKeepWhatIsWrittenOverManyPieces() {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        output.write(bytes[0]);
        for (int from = 1; from < bytes.length; from += 7_777) {
            output.write(bytes, from, Math.min(7_777, bytes.length - from));
        }
        ByteBuf content = output.content();
        assertArrayEquals(bytes, ByteBufUtil.getBytes(content));
        content.release();
    }

    @Test
    void shouldBeNothingWhenNothingWasWritten() {
        ByteBuf content = output.content();
        assertEquals(0, content.readableBytes());
        content.release();
    }

    @Test
    void shouldGiveItsMemoryBackWhenItIsAbandoned() {
        output.write(new byte[1_000_000], 0, 1_000_000);
        output.abandon();
    }
}
