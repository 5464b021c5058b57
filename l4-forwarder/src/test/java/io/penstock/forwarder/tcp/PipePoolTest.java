package io.penstock.forwarder.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.penstock.linux.Errno;
import io.penstock.metrics.Counters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipePoolTest {
    private static final long SECOND = 1_000_000_000;

    private final ScriptedSyscalls kernel = new ScriptedSyscalls();
    private final Counters<TcpCounter> counters = new Counters<>(TcpCounter.class);
    private final PipePool pool = new PipePool(kernel, 3, counters);

    @Test
    void shouldKeepAFewForTheNextTransfersAndCloseTheRest() {
        PipePool large = new PipePool(kernel, 10, counters);
        List<Pipe> pipes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            pipes.add(large.acquire(0));
        }
        pipes.forEach(large::release);
        assertEquals(PipePool.MAX_FREE, large.free());
        assertEquals(2 * PipePool.MAX_FREE, kernel.openFds());
        assertEquals(0, large.inUse());
    }

    @Test
    void shouldHandOutTheOneThatCameBackLast() {
        Pipe first = pool.acquire(0);
        Pipe second = pool.acquire(0);
        pool.release(second);
        pool.release(first);
        assertSame(first, pool.acquire(0));
        assertSame(second, pool.acquire(0));
        assertEquals(2, kernel.pipesMade);
    }

    @Test
    void shouldNeverHaveMoreThanItsBound() {
        Pipe one = pool.acquire(0);
        assertNotNull(pool.acquire(0));
        assertNotNull(pool.acquire(0));
        assertNull(pool.acquire(0));
        assertEquals(0, counters.value(TcpCounter.PIPE_SHORTFALLS), "the bound is the pool's own, not the kernel's");
        pool.release(one);
        assertSame(one, pool.acquire(0));
        assertEquals(3, pool.inUse());
    }

    @Test
    void shouldHaveNoneWhenSplicingIsOff() {
        assertNull(new PipePool(kernel, 0, counters).acquire(0));
        assertEquals(0, kernel.pipesMade);
    }

    @Test
    void shouldCloseWhatHoldsBytesInsteadOfHandingItOutAgain() {
        Pipe pipe = pool.acquire(0);
        kernel.socket(0, 0, 0);
        int source = kernel.last().reading(5).number;
        assertEquals(5, pipe.fill(source, 100));
        pool.release(pipe);
        assertEquals(0, pool.free());
        assertEquals(1, kernel.openFds(), "the socket only");
        assertNotNull(pool.acquire(0));
        assertEquals(2, kernel.pipesMade);
    }

    @ParameterizedTest
    @CsvSource({"1048576, 1048576", "1048575, 524288", "262144, 262144"})
    void shouldTakeTheLargestSizeThatTheKernelAllows(int allowed, int capacity) {
        kernel.maxPipeBytes = allowed;
        assertEquals(capacity, pool.acquire(0).capacityBytes());
    }

    @Test
    void shouldDoWithoutForASecondWhenPipesAreShort() {
        kernel.maxPipeBytes = 8192; // what fs.pipe-user-pages-soft leaves
        assertNull(pool.acquire(0));
        assertNull(pool.acquire(SECOND - 1));
        assertEquals(1, kernel.pipesMade);
        assertEquals(0, kernel.openFds());
        assertEquals(1, counters.value(TcpCounter.PIPE_SHORTFALLS));
        kernel.maxPipeBytes = 1 << 20;
        assertNotNull(pool.acquire(SECOND));
    }

    @Test
    void shouldDoWithoutForASecondWhenThereAreNoDescriptors() {
        kernel.pipeResults.add(-Errno.EMFILE);
        assertNull(pool.acquire(0));
        assertNull(pool.acquire(SECOND - 1));
        assertEquals(1, counters.value(TcpCounter.PIPE_SHORTFALLS));
        assertNotNull(pool.acquire(SECOND));
    }

    @Test
    void shouldHandOutWhatItHasWhileTheKernelGivesNoMore() {
        Pipe pipe = pool.acquire(0);
        kernel.pipeResults.add(-Errno.ENFILE);
        assertNull(pool.acquire(0));
        pool.release(pipe);
        assertSame(pipe, pool.acquire(1));
    }

    @Test
    void shouldCloseEveryFreePipe() {
        Pipe one = pool.acquire(0);
        Pipe two = pool.acquire(0);
        pool.release(one);
        pool.release(two);
        assertEquals(4, kernel.openFds());
        pool.close();
        assertEquals(0, kernel.openFds());
    }
}
