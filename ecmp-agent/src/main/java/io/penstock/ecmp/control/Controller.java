package io.penstock.ecmp.control;

import static io.penstock.linux.EpollConstants.EPOLLIN;

import io.penstock.agent.Orders;
import io.penstock.agent.RefusedException;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.health.LegBoard;
import io.penstock.ecmp.health.VerdictBoard;
import io.penstock.ecmp.kernel.Kernel;
import io.penstock.ecmp.operate.AgentStatus;
import io.penstock.ecmp.operate.AgentStatus.Phase;
import io.penstock.linux.Epoll;
import io.penstock.linux.Errno;
import io.penstock.linux.Syscalls;
import io.penstock.linux.Wakeup;
import io.penstock.process.Watchdog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's thread, {@code ecmp-agent}: waits for what the kernel tells, for verdicts, orders and deadlines, and lets {@link
 * Roles} act on them. Leases come first: a look that they can do without they do not wait for. {@link #begin} and {@link #run}
 * are of that thread; all else is safe from any.
 */
public final class Controller implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    public static final String THREAD = "ecmp-agent";
    private static final long WAKEUP = 1;
    private static final long KERNEL = 2;

    private final Epoll epoll;
    private final Wakeup wakeup;
    private final KernelNews news;
    private final LongSupplier nowNs;
    private final AgentFigures figures = new AgentFigures();
    private final Pace pace = new Pace();
    private final AtomicBoolean healthNews = new AtomicBoolean();
    private final Orders orders;
    private final VerdictBoard verdicts = new VerdictBoard(this::onHealth);
    private final LegBoard legs = new LegBoard(this::onHealth);
    private final Roles roles;
    private Phase phase = Phase.STARTING;
    private boolean removeRoutes;
    private Optional<String> trouble = Optional.empty();
    private volatile AgentStatus status;

    /**
     * The kernel's edge and its news are this thread's from now on, and the news are closed with it.
     *
     * @param nowNs the agent's clock, CLOCK_BOOTTIME
     */
    public Controller(EcmpConfig config, Syscalls syscalls, Kernel kernel, KernelNews news, LongSupplier nowNs) {
        this.news = news;
        this.nowNs = nowNs;
        epoll = new Epoll(syscalls);
        wakeup = new Wakeup(syscalls, epoll, WAKEUP);
        orders = new Orders(wakeup::signal);
        int result = epoll.add(news.fd(), EPOLLIN, KERNEL);
        if (result < 0) {
            throw new IllegalStateException("epoll_ctl: " + Errno.describe(-result));
        }
        news.watch(config);
        roles = new Roles(config, kernel, verdicts, legs, nowNs, figures);
        status = roles.status(phase, trouble);
    }

    /** Where watches leave what they know. */
    public VerdictBoard verdicts() {
        return verdicts;
    }

    /** The same for legs. */
    public LegBoard legs() {
        return legs;
    }

    public AgentFigures figures() {
        return figures;
    }

    /** As of the last turn. */
    public AgentStatus status() {
        return status;
    }

    /** The first look, before the thread is started: what a former run left is adopted. */
    public void begin() throws IOException {
        long startNs = nowNs.getAsLong();
        roles.reconcile();
        onLooked(startNs);
        phase = Phase.RUNNING;
        status = roles.status(phase, trouble);
    }

    @Override
    public void run() {
        try {
            while (phase != Phase.STOPPING || !roles.isDone()) {
                turn();
            }
            if (removeRoutes) {
                roles.removeRoutes();
            }
        } catch (IOException e) {
            LOG.error("event=routes-not-removed cause=\"{}\"", e.getMessage());
        } finally {
            orders.end();
        }
    }

    private void turn() {
        int count = epoll.await(waitNs());
        for (int i = 0; i < count; i++) {
            if (epoll.token(i) == WAKEUP) {
                wakeup.drain();
            } else if (news.take(figures)) {
                pace.want();
            }
        }
        if (healthNews.getAndSet(false)) {
            pace.want();
        }
        List<Runnable> answers = carryOutOrders();
        boolean acted = !answers.isEmpty();
        if (roles.refreshAtNs() <= nowNs.getAsLong()) {
            refreshOrLook();
            acted = true;
        }
        if (pace.nextNs(roles.reconcileAtNs()) <= nowNs.getAsLong()) {
            guard(this::reconcile);
            acted = true;
        }
        if (acted) {
            status = roles.status(phase, trouble);
        }
        answers.forEach(Runnable::run);
    }

    /**
     * Not blindly while the kernel has told of what no look has seen: the address may be someone else's by now, or removed. The look, which
     * then does not wait for its pause, refreshes it as well. Where looks get no answer, refreshes may.
     */
    private void refreshOrLook() {
        if (pace.isWanted() && trouble.isEmpty()) {
            pace.demand();
        } else {
            guard(roles::refresh);
        }
    }

    /** Nothing for a refresh that fell due since this turn's was looked for, as one does during a long look. */
    private long waitNs() {
        long nextNs = Math.min(roles.refreshAtNs(), pace.nextNs(roles.reconcileAtNs()));
        return Math.max(0, nextNs - nowNs.getAsLong());
    }

    private void reconcile() throws IOException {
        long startNs = nowNs.getAsLong();
        if (pace.isResync(roles.reconcileAtNs())) {
            figures.count(AgentCounter.RESYNCS);
        }
        roles.reconcile();
        onLooked(startNs);
    }

    private void onLooked(long startNs) {
        long endNs = nowNs.getAsLong();
        pace.looked(startNs, endNs);
        figures.count(AgentCounter.RECONCILES);
        figures.reconciled(endNs - startNs);
        trouble = Optional.empty();
    }

    private interface KernelWork {
        void run() throws IOException;
    }

    /** A kernel that does not answer is asked again; meanwhile leases may lapse, as they are meant to. */
    private void guard(KernelWork work) {
        try {
            work.run();
        } catch (IOException e) {
            figures.count(AgentCounter.FAILURES);
            if (!trouble.equals(Optional.of(e.getMessage()))) {
                LOG.error("event=kernel-trouble cause=\"{}\"", e.getMessage());
            }
            trouble = Optional.of(e.getMessage());
            pace.failed(nowNs.getAsLong());
        }
    }

    private void onHealth() {
        healthNews.set(true);
        wakeup.signal();
    }

    /** What to tell those who gave orders, once the kernel was looked at. */
    private List<Runnable> carryOutOrders() {
        List<Runnable> answers = orders.carryOut();
        if (!answers.isEmpty()) {
            pace.demand();
        }
        return answers;
    }

    /** See {@link io.penstock.ecmp.operate.Operations#withdraw}. */
    public void withdraw(Optional<String> name) throws RefusedException {
        if (name.isEmpty()) {
            boolean unused = orders.ask(() -> {
                roles.withdrawAll();
                return true;
            });
        } else if (!orders.ask(() -> roles.withdraw(name.get()))) {
            throw noSuch(name.get());
        }
    }

    /** See {@link io.penstock.ecmp.operate.Operations#resume}. */
    public void resume(String name) throws RefusedException {
        if (!orders.ask(() -> roles.resume(name))) {
            throw noSuch(name);
        }
    }

    private static RefusedException noSuch(String name) {
        return RefusedException.unknown("no VIP or route is named '" + name + "'");
    }

    /** Takes another configuration; protocol and ids stay what they were at first. */
    public void reconfigure(EcmpConfig config) throws RefusedException {
        boolean unused = orders.ask(() -> {
            news.watch(config);
            roles.reconfigure(config);
            return true;
        });
    }

    /**
     * Has the VIPs leave, in order, and the thread end then. Routes stay for the next run to adopt.
     *
     * @param withRoutes whether these go, too
     */
    public void stop(boolean withRoutes) {
        end(true, withRoutes);
    }

    /** The same without waiting for anybody. */
    public void stopNow() {
        end(false, false);
    }

    private void end(boolean inOrder, boolean withRoutes) {
        try {
            boolean unused = orders.ask(() -> {
                phase = Phase.STOPPING;
                removeRoutes |= withRoutes;
                roles.stop(inOrder);
                return true;
            });
        } catch (RefusedException e) {
            LOG.debug("event=late-stop", e);
        }
    }

    /** Whether the thread has ended within the time. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return orders.awaitEnd(limit);
    }

    /** For the service manager. */
    public Watchdog.Watched watched() {
        return orders.watched(THREAD);
    }

    /** Once the thread has ended, or was never started, and nobody is left who might wake it. */
    @Override
    public void close() {
        news.close();
        wakeup.close();
        epoll.close();
    }
}
