package io.penstock.bgp.control;

import io.penstock.agent.Orders;
import io.penstock.agent.RefusedException;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.BgpConfig.OnStop;
import io.penstock.bgp.event.EventRecorder;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.operate.AgentStatus;
import io.penstock.bgp.operate.AgentStatus.Phase;
import io.penstock.process.Watchdog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The agent's thread, {@code bgp-agent}: waits for conditions, for what the daemon tells, for orders and deadlines, and has the daemon
 * announce what is wanted. {@link #begin} and {@link #run} are of that thread; all else is safe from any.
 */
public final class Controller implements Runnable {
    public static final String THREAD = "bgp-agent";

    private final Orders orders = new Orders(() -> {});
    private final AgentFigures figures = new AgentFigures();
    private volatile AgentStatus status;

    /**
     * Nothing is asked of the daemon before {@link #begin}; who made it closes it, once the thread has ended.
     *
     * @param nowNs the agent's clock, CLOCK_BOOTTIME
     */
    public Controller(
            BgpConfig config,
            BgpDaemon daemon,
            Conditions conditions,
            EventRecorder recorder,
            OrderFile orderFile,
            LongSupplier nowNs) {
        status = new AgentStatus(
                Phase.STARTING,
                nowNs.getAsLong(),
                config.daemon().address().toString(),
                AgentStatus.Link.DOWN,
                Optional.empty(),
                "",
                0,
                List.of(),
                List.of());
    }

    /** Has somebody told of drains; before {@link #begin}. */
    public void tellOfDrains(DrainListener listener) {}

    /** Has somebody told how the agent's paths are marked; before {@link #begin}. */
    public void tellOfCharges(ChargeListener listener) {}

    public AgentFigures figures() {
        return figures;
    }

    /** As of the last turn in which something has changed. */
    public AgentStatus status() {
        return status;
    }

    /**
     * Before the thread is started: orders of a former run stand again.
     *
     * @throws IOException when they cannot be read; the message says what to do
     */
    public void begin() throws IOException {}

    @Override
    public void run() {
        orders.end();
    }

    /** Something may be known of a VIP that was not. */
    public void onConditions() {}

    /** Takes another configuration; the daemon stays the same. */
    public void reconfigure(BgpConfig wanted) throws RefusedException {}

    /** See {@link io.penstock.bgp.operate.Operations#drain}. */
    public void drain(Optional<String> vip, Optional<Duration> wait) throws RefusedException {}

    /** See {@link io.penstock.bgp.operate.Operations#withdraw}. */
    public void withdraw(Optional<String> vip) throws RefusedException {}

    /** See {@link io.penstock.bgp.operate.Operations#resume}. */
    public void resume(Optional<String> vip) throws RefusedException {}

    /**
     * Has the thread end when the paths are what they are to be then; waits for none of it, see {@link #awaitEnd}. Called again, what is
     * still announced is withdrawn at once.
     */
    public void stop(OnStop how) {}

    /** Whether the thread has ended within the time. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return orders.awaitEnd(limit);
    }

    /** After the end: whether paths were to be withdrawn that may be in the daemon still. */
    public boolean leftPaths() {
        return false;
    }

    /** For the service manager. */
    public Watchdog.Watched watched() {
        return orders.watched(THREAD);
    }
}
