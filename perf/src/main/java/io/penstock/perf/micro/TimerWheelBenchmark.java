package io.penstock.perf.micro;

import io.penstock.forwarder.event.TimerWheel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One more timer beside those of thousands of idle connections. The time is the benchmark's own. */
@State(Scope.Thread)
public class TimerWheelBenchmark {
    private static final int IDLE = 10_000;
    private static final int ID = IDLE;
    private static final long STEP_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    /** Further than the time comes in a run. */
    private static final long IDLE_TIMEOUT_NS = TimeUnit.DAYS.toNanos(365);

    private final TimerWheel wheel = new TimerWheel(0);
    private final TimerWheel.Handler handler = this::onTimer;
    private long nowNs;
    private long expired;

    @Setup
    public void fill() {
        for (int id = 0; id < IDLE; id++) {
            wheel.schedule(id, IDLE_TIMEOUT_NS + id * STEP_NS);
        }
    }

    /** A connect that succeeds. */
    @Benchmark
    public int scheduleCancel() {
        wheel.schedule(ID, nowNs + CONNECT_TIMEOUT_NS);
        wheel.cancel(ID);
        return wheel.size();
    }

    /** The time goes on by two ticks for each timer. */
    @Benchmark
    public long scheduleExpire() {
        wheel.schedule(ID, nowNs + 1);
        nowNs += STEP_NS;
        if (wheel.expire(nowNs, handler) != 1) {
            throw new IllegalStateException("a timer that is due has not fired");
        }
        return expired;
    }

    private void onTimer(int id, long atNs) {
        expired += id;
    }
}
