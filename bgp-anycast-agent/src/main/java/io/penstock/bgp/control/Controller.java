package io.penstock.bgp.control;

import io.penstock.agent.Orders;
import io.penstock.agent.RefusedException;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.BgpConfig.OnStop;
import io.penstock.bgp.event.EventRecorder;
import io.penstock.bgp.gobgp.BgpDaemon;
import io.penstock.bgp.gobgp.DaemonIdentity;
import io.penstock.bgp.gobgp.PeerView;
import io.penstock.bgp.operate.AgentStatus;
import io.penstock.bgp.operate.AgentStatus.Phase;
import io.penstock.bgp.route.LargeCommunity;
import io.penstock.bgp.route.RibPath;
import io.penstock.net.IpPrefix;
import io.penstock.process.Watchdog;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The agent's thread, {@code bgp-agent}: waits for conditions, for what the daemon tells, for orders and deadlines, and has the daemon
 * announce what is wanted. {@link #begin} and {@link #run} are of that thread; all else is safe from any.
 */
public final class Controller implements Runnable {
    public static final String THREAD = "bgp-agent";

    /** How old a status may be when an answer has changed it; 1,000 of them would make as many. */
    private static final long STATUS_NS = 20_000_000;

    /** Without anything to do. */
    private static final long IDLE_NS = 10_000_000_000L;

    private final Conditions conditions;
    private final LongSupplier clock;
    private final Bell bell = new Bell();
    private final Orders orders = new Orders(bell::ring);
    private final AgentFigures figures = new AgentFigures();
    private final AtomicBoolean conditionNews = new AtomicBoolean(true);
    private final LinkEvents linkEvents;
    private final Vips vips;
    private final DaemonLink link;
    private final PathKeeper paths;
    private final Neighbours neighbours;
    private final PeerKeeper peers;
    private final Sightings sightings;
    private final StandingOrders standing;
    private final StatusReport report;
    private final Ending ending;
    private BgpConfig config;
    private Optional<DrainListener> drains = Optional.empty();
    private Optional<ChargeListener> charges = Optional.empty();
    private Phase phase = Phase.STARTING;
    private boolean reportWanted;
    private boolean reportAwaited;
    private long nowNs;
    private volatile boolean leftPaths;
    private volatile AgentStatus status;

    /**
     * Nothing is asked of the daemon before the thread runs; who made it closes it, once the thread has ended.
     *
     * @param clock the agent's, CLOCK_BOOTTIME, in nanoseconds
     */
    public Controller(
            BgpConfig config,
            BgpDaemon daemon,
            Conditions conditions,
            EventRecorder recorder,
            OrderFile orderFile,
            LongSupplier clock) {
        this.config = config;
        this.conditions = conditions;
        this.clock = clock;
        nowNs = clock.getAsLong();
        linkEvents = new LinkEvents(recorder);
        PeerEvents peerEvents = new PeerEvents(recorder);
        Calls calls = new Calls(orders, figures, clock);
        vips = new Vips(recorder);
        link = new DaemonLink(config, daemon, calls, new News(), linkEvents, figures);
        paths = new PathKeeper(daemon, link, calls, vips, new PathEvents(recorder), figures);
        neighbours = new Neighbours(peerEvents);
        peers = new PeerKeeper(daemon, link, calls, neighbours, peerEvents);
        sightings = new Sightings(daemon, link, calls, neighbours);
        standing = new StandingOrders(orderFile, recorder);
        report = new StatusReport(new StatusReport.Parts(link, vips, paths, neighbours, sightings));
        ending = new Ending(vips, paths, link, config.daemon().timeout());
        vips.reconfigure(config, nowNs);
        peers.reconfigure(config.peers());
        publish();
    }

    /** What the daemon has told, to whom it matters. */
    private final class News implements LinkListener {
        @Override
        public void onIdentity(DaemonIdentity identity) {
            word();
        }

        @Override
        public Optional<Set<IpPrefix>> onListing() {
            return paths.onListing();
        }

        @Override
        public void onListed(List<RibPath> listed) {
            int gone = paths.onListed(listed);
            if (gone > 0) {
                linkEvents.restarted(gone);
            }
            sightings.want();
        }

        @Override
        public void onPath(RibPath path) {
            paths.onPath(path);
        }

        @Override
        public void onWithdrawn(IpPrefix prefix) {
            paths.onWithdrawn(prefix);
        }

        @Override
        public void onPeers(List<PeerView> all) {
            neighbours.onPeers(all);
            peers.onPeers();
        }

        @Override
        public void onPeer(PeerView peer) {
            if (neighbours.onPeer(peer)) {
                peers.look();
                sightings.want();
            }
        }

        @Override
        public void onLost() {
            paths.onLost();
            neighbours.onLost();
            peers.onLost();
            sightings.onLost();
        }
    }

    /** Has somebody told of drains; before {@link #begin}. */
    public void tellOfDrains(DrainListener listener) {
        drains = Optional.of(listener);
    }

    /** Has somebody told how the agent's paths are marked; before {@link #begin}. */
    public void tellOfCharges(ChargeListener listener) {
        charges = Optional.of(listener);
    }

    public AgentFigures figures() {
        return figures;
    }

    /** As of the last turn in which something has changed, and never much older than a wait without anything to do. */
    public AgentStatus status() {
        return status;
    }

    /**
     * Before the thread is started: orders of a former run stand again.
     *
     * @throws IOException when they cannot be read; the message says what to do
     */
    public void begin() throws IOException {
        standing.restore(vips);
        giveBack(standing.toGiveBack());
        phase = Phase.RUNNING;
        publish();
    }

    @Override
    public void run() {
        try {
            while (!isOver()) {
                turn(IDLE_NS);
            }
        } finally {
            end();
        }
    }

    /** @param longestNs of its wait for something to happen */
    void turn(long longestNs) {
        long dueNs = nextNs();
        long startNs = clock.getAsLong();
        // What is due at once has the smallest number there is, whose difference to any time is a long time to come.
        bell.await(dueNs <= startNs ? 0 : Math.min(longestNs, dueNs - startNs));
        nowNs = clock.getAsLong();
        List<Runnable> answers = orders.carryOut();
        reportWanted |= !answers.isEmpty();
        reportWanted |= link.onTime(nowNs);
        judge();
        reportWanted |= paths.turn(nowNs);
        if (!ending.isKeeping()) {
            reportWanted |= peers.turn(nowNs);
        }
        tellOfDrained();
        look();
        if (reportAwaited || nowNs >= reportAtNs()) {
            publish();
        }
        answers.forEach(Runnable::run);
    }

    /** When the next turn is due though nothing happens. */
    long nextNs() {
        long peersNs = ending.isKeeping() ? Long.MAX_VALUE : peers.deadlineNs();
        long daemonNs = Math.min(Math.min(link.deadlineNs(), paths.deadlineNs()), peersNs);
        long selfNs = Math.min(vips.deadlineNs(), Math.min(ending.deadlineNs(), reportAtNs()));
        return Math.min(Math.min(daemonNs, selfNs), sightings.deadlineNs());
    }

    private void judge() {
        if (!conditionNews.getAndSet(false) && nowNs < vips.deadlineNs()) {
            return;
        }
        if (vips.judge(conditions.now(), nowNs)) {
            paths.touch();
        }
        reportWanted = true;
    }

    /** The drain is over when nobody new can come, not when that was ordered. */
    private void tellOfDrained() {
        for (Vip vip : vips.all()) {
            if (standing.isToDrain(vip)
                    && vip.isDrained()
                    && paths.isGone(vip.config().prefix())
                    && vip.handOver()) {
                standing.handedOver(vip);
                drains.ifPresent(listener -> listener.onWithdrawnAfterDrain(vip.name()));
            }
        }
    }

    /** What neighbours were sent of it. */
    private void look() {
        if (paths.takeReachChanged()) {
            sightings.want();
        }
        if (nowNs >= sightings.deadlineNs()) {
            List<IpPrefix> announced = vips.all().stream()
                    .map(vip -> vip.config().prefix())
                    .filter(prefix -> paths.table().ownAt(prefix).isPresent())
                    .toList();
            reportWanted |= sightings.turn(announced, nowNs);
        }
    }

    /** Also when nothing has changed: by its age others see that this thread turns, however long a resync is. */
    private long reportAtNs() {
        return status.atNs() + (reportWanted ? STATUS_NS : IDLE_NS);
    }

    private void publish() {
        status = report.of(phase, nowNs, config.daemon().address().toString());
        reportWanted = false;
        reportAwaited = false;
    }

    /** The wording, as far as it depends on who the daemon is. */
    private void word() {
        Optional<DaemonIdentity> identity = link.identity().filter(DaemonIdentity::isStarted);
        if (identity.isEmpty()) {
            return;
        }
        Wording wording = Wording.of(config, identity.get().asn());
        LargeCommunity owner = wording.owner();
        peers.mark(owner);
        if (paths.table().marks.use(owner)) {
            charges.ifPresent(listener -> listener.onCharge(owner));
        }
        if (vips.word(wording)) {
            paths.touch();
        }
    }

    /** Something may be known of a VIP that was not. */
    public void onConditions() {
        conditionNews.set(true);
        bell.ring();
    }

    /** Takes another configuration; the daemon stays the same. */
    public void reconfigure(BgpConfig wanted) throws RefusedException {
        boolean unused = orders.ask(() -> {
            requireNotStopping();
            config = wanted;
            standing.reconfigured(vips.reconfigure(wanted, nowNs), vips);
            link.reconfigure(wanted);
            peers.reconfigure(wanted.peers());
            word();
            onChanged();
            return true;
        });
    }

    /** See {@link io.penstock.bgp.operate.Operations#drain}. */
    public void drain(Optional<String> vip, Optional<Duration> wait) throws RefusedException {
        order(vip, chosen -> standing.drain(vip, chosen, wait));
    }

    /** See {@link io.penstock.bgp.operate.Operations#withdraw}. */
    public void withdraw(Optional<String> vip) throws RefusedException {
        order(vip, chosen -> standing.withdraw(vip, chosen));
    }

    /** See {@link io.penstock.bgp.operate.Operations#resume}. */
    public void resume(Optional<String> vip) throws RefusedException {
        order(vip, chosen -> giveBack(standing.resume(vip, chosen)));
    }

    private void giveBack(List<String> names) {
        drains.ifPresent(listener -> names.forEach(listener::onResume));
    }

    /** The address of a VIP was given back, as {@link DrainListener#onResume} asks for, or there is nobody to ask. */
    public void onGivenBack(String vip) {
        orders.leave(() -> standing.givenBack(vip));
    }

    private void order(Optional<String> vip, Consumer<Collection<Vip>> carryOut) throws RefusedException {
        boolean unused = orders.ask(() -> {
            requireNotStopping();
            carryOut.accept(vips.chosen(vip));
            onChanged();
            return true;
        });
    }

    private void requireNotStopping() throws RefusedException {
        if (phase == Phase.STOPPING) {
            throw RefusedException.because("the agent is stopping");
        }
    }

    /** Whoever asked for it waits until the status shows what it led to. */
    private void onChanged() {
        conditionNews.set(true);
        reportAwaited = true;
        paths.touch();
    }

    /**
     * Has the thread end when the paths are what they are to be then; waits for none of it, see {@link #awaitEnd}. Called again, what is
     * still announced is withdrawn at once, unless it is to be kept.
     */
    public void stop(OnStop how) {
        orders.leave(() -> beginEnd(how));
    }

    private void beginEnd(OnStop how) {
        if (ending.begin(how, nowNs)) {
            phase = Phase.STOPPING;
            onChanged();
            // It may be the end of a drain, after a turn: the next one is not to wait for something to happen.
            bell.ring();
        }
    }

    /** Whether there is nothing left to do, or no time for it. */
    boolean isOver() {
        if (ending.isDrained(nowNs)) {
            beginEnd(OnStop.WITHDRAW);
        }
        return ending.isOver(nowNs);
    }

    private void end() {
        leftPaths = ending.leavesPaths();
        link.close();
        phase = Phase.ENDED;
        publish();
        orders.end();
    }

    /** Whether the thread has ended within the time. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return orders.awaitEnd(limit);
    }

    /** After the end: whether paths were to be withdrawn that may be in the daemon still. */
    public boolean leftPaths() {
        return leftPaths;
    }

    /** For the service manager. */
    public Watchdog.Watched watched() {
        return orders.watched(THREAD);
    }
}
