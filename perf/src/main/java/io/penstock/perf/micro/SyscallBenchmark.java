package io.penstock.perf.micro;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The system calls of an event as the data plane makes them; nearly all of the time is the kernel's. */
public class SyscallBenchmark {
    @State(Scope.Thread)
    public abstract static class Ring {
        private final LoopbackRing ring;

        private Ring(int bytes) {
            ring = new LoopbackRing(bytes);
        }

        @TearDown
        public void close() {
            ring.close();
        }
    }

    public static class Bytes64 extends Ring {
        public Bytes64() {
            super(64);
        }
    }

    public static class KiB16 extends Ring {
        public KiB16() {
            super(16 << 10);
        }
    }

    public static class KiB64 extends Ring {
        public KiB64() {
            super(64 << 10);
        }
    }

    @Benchmark
    public void recvSend64B(Bytes64 state) {
        ring(state).recvSend();
    }

    @Benchmark
    public void recvSend16KiB(KiB16 state) {
        ring(state).recvSend();
    }

    @Benchmark
    public void splice64KiB(KiB64 state) {
        ring(state).splice();
    }

    @Benchmark
    public long epollWait(Bytes64 state) {
        return ring(state).epollWait();
    }

    @Benchmark
    public int setsockopt(Bytes64 state) {
        return ring(state).setsockopt();
    }

    private static LoopbackRing ring(Ring state) {
        return state.ring;
    }
}
