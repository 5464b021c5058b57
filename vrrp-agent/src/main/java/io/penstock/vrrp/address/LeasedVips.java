package io.penstock.vrrp.address;

import io.penstock.linux.Syscalls;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Sysctls;
import io.penstock.vrrp.address.Turn.Contest;
import io.penstock.vrrp.address.Vip.Place;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * VIPs as addresses that the kernel removes by itself unless they are refreshed. What is decided for all routers in one call goes to the
 * kernel in one batch; announcements follow when it has answered. NOT thread safe: of the agent's thread; whoever opened it closes it,
 * which leaves VIPs that were not released to their leases.
 */
public final class LeasedVips implements VipKeeper, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedVips.class);

    /** Shared with other agents; it may outlive this process. */
    public static final Path STATE_DIRECTORY = Path.of("/run/penstock");

    /** When a look got no answer. */
    static final long LOOK_AGAIN_NS = Duration.ofSeconds(1).toNanos();

    private static final long NEVER = Long.MAX_VALUE;
    private static final String RELEASE = "kernel.osrelease";

    private final AddressKernel kernel;
    private final LinkSettings settings;
    private final VirtualMacs virtualMacs = new VirtualMacs();
    private final Announcer announcer;
    private Map<String, RouterVips> routers = new LinkedHashMap<>();
    private Set<Place> places = Set.of();
    private List<String> takenNames = List.of();
    private long lookAtNs = NEVER;

    LeasedVips(AddressKernel kernel, LinkSettings settings, Announcer announcer) {
        this.kernel = kernel;
        this.settings = settings;
        this.announcer = announcer;
    }

    /** In the network namespace of this thread, remembering in {@link #STATE_DIRECTORY} what has to be put back. */
    public static LeasedVips open(Syscalls syscalls, Wire wire) throws IOException {
        return open(syscalls, wire, STATE_DIRECTORY);
    }

    /** To rehearse with: no address is put anywhere, and no setting changed. */
    public static LeasedVips nowhere(Syscalls syscalls, Wire wire, VrrpConfig config) throws IOException {
        Sysctls sysctls = new Sysctls();
        return new LeasedVips(
                new NowhereKernel(NetlinkAddressKernel.open(syscalls, sysctls.read(RELEASE)), config),
                LinkSettings.NONE,
                new Announcer(wire, sysctls));
    }

    static LeasedVips open(Syscalls syscalls, Wire wire, Path stateDirectory) throws IOException {
        Sysctls sysctls = new Sysctls();
        return new LeasedVips(
                NetlinkAddressKernel.open(syscalls, sysctls.read(RELEASE)),
                new SysctlLinkSettings(sysctls, stateDirectory),
                new Announcer(wire, sysctls));
    }

    @Override
    public List<VipEvent> configure(VrrpConfig config, long nowNs) throws IOException {
        Turn turn = new Turn(nowNs);
        settings.open(config.protocol());
        virtualMacs.configure(config);
        KernelView view = lookAndArrange();
        Map<String, RouterVips> former = new HashMap<>(routers);
        Map<String, RouterVips> next = new LinkedHashMap<>();
        Set<Place> wanted = config.routers().values().stream()
                .flatMap(router -> RouterVips.places(router).stream())
                .collect(Collectors.toSet());
        removeStray(view, config.protocol(), wanted, turn);
        for (RouterConfig router : config.routers().values()) {
            RouterVips known = former.remove(router.name());
            RouterVips vips = known == null ? new RouterVips(router, config.protocol()) : known;
            vips.configure(router, wanted, view, turn);
            next.put(router.name(), vips);
        }
        former.values().forEach(gone -> gone.drop(wanted, turn));
        routers = next;
        announcer.learn(view, wanted);
        places = wanted;
        List<VipEvent> events = perform(turn);
        virtualMacs.left();
        hold(view);
        return events;
    }

    /** What a former run left where nothing is configured any more, or in a network of another size, need not wait for its lease. */
    private void removeStray(KernelView view, int protocol, Set<Place> wanted, Turn turn) {
        Set<Place> known = new HashSet<>(places);
        known.addAll(wanted);
        List<InterfaceAddress> stray = view.takeStray(protocol, known);
        stray.forEach(one -> view.name(one.linkIndex()).ifPresent(virtualMacs::leaves));
        hold(view);
        stray.forEach(one -> turn.change(new KernelChange.Remove(one), refusal -> {}));
    }

    private void hold(KernelView view) {
        settings.hold(virtualMacs.lowers(view), virtualMacs.shared(view));
    }

    @Override
    public boolean hasAll(String router) {
        return of(router).map(RouterVips::hasAll).orElse(false);
    }

    @Override
    public List<VipEvent> hold(String router, long nowNs) {
        Turn turn = new Turn(nowNs);
        of(router).ifPresent(vips -> vips.hold(turn));
        return perform(turn);
    }

    @Override
    public void announce(String router, long nowNs) {
        of(router).ifPresent(vips -> vips.announce(nowNs));
        announceDue(nowNs);
    }

    @Override
    public long announcements(String router) {
        return of(router).map(RouterVips::announcements).orElse(0L);
    }

    @Override
    public List<VipEvent> release(String router, long nowNs) {
        Turn turn = new Turn(nowNs);
        of(router).ifPresent(vips -> vips.release(turn));
        return perform(turn);
    }

    @Override
    public List<VipEvent> look(long nowNs) {
        Turn turn = new Turn(nowNs);
        lookAround(nowNs).ifPresent(view -> routers.values().forEach(vips -> vips.see(view, turn)));
        return perform(turn);
    }

    /** First leases that ran out, then one batch for all that are due, and those that will be soon. */
    @Override
    public List<VipEvent> onDeadline(long nowNs) {
        Turn turn = new Turn(nowNs);
        routers.values().forEach(vips -> vips.expire(turn));
        if (nowNs >= lookAtNs) {
            lookAround(nowNs).ifPresent(view -> routers.values().forEach(vips -> vips.see(view, turn)));
        }
        if (routers.values().stream().anyMatch(vips -> vips.isDue(nowNs))) {
            routers.values().forEach(vips -> vips.refreshIfNearlyDue(turn));
        }
        return perform(turn);
    }

    @Override
    public long deadlineNs() {
        long deadlineNs = lookAtNs;
        for (RouterVips vips : routers.values()) {
            deadlineNs = Math.min(deadlineNs, vips.deadlineNs());
        }
        return deadlineNs;
    }

    @Override
    public List<VipView> views(long nowNs) {
        List<VipView> views = new ArrayList<>();
        routers.values().forEach(vips -> vips.view(nowNs, views));
        return views;
    }

    /** Interfaces with virtual MAC addresses go, and settings are as they were. */
    @Override
    public void close() {
        virtualMacs.end();
        try {
            warn(kernel.apply(virtualMacs.changes(kernel.look())));
        } catch (IOException e) {
            LOG.error("event=kernel-trouble cause=\"{}\"", e.getMessage());
        }
        settings.release();
        kernel.close();
    }

    private Optional<RouterVips> of(String router) {
        return Optional.ofNullable(routers.get(router));
    }

    /** One that gets no answer is taken again later; meanwhile leases may lapse, as they are meant to. */
    private Optional<KernelView> lookAround(long nowNs) {
        try {
            KernelView view = lookAndArrange();
            lookAtNs = NEVER;
            announcer.learn(view, places);
            return Optional.of(view);
        } catch (IOException e) {
            LOG.error("event=kernel-trouble cause=\"{}\"", e.getMessage());
            lookAtNs = nowNs + LOOK_AGAIN_NS;
            return Optional.empty();
        }
    }

    /** Makes the interfaces that are missing, as one whose lower interface was not there before. */
    private KernelView lookAndArrange() throws IOException {
        KernelView view = kernel.look();
        List<KernelChange> changes = virtualMacs.changes(view);
        if (!changes.isEmpty()) {
            warn(kernel.apply(changes));
            view = kernel.look();
        }
        List<String> taken = virtualMacs.taken(view);
        taken.forEach(view::hide);
        if (!taken.equals(takenNames)) {
            takenNames = taken;
            taken.forEach(name -> LOG.warn("event=interface-not-ours interface={}", name));
        }
        virtualMacs.takeUnprepared(view).forEach(settings::prepare);
        hold(view);
        return view;
    }

    private static void warn(List<Optional<String>> refusals) {
        refusals.forEach(refusal -> refusal.ifPresent(words -> LOG.warn("event=kernel-refused cause=\"{}\"", words)));
    }

    /** Has the kernel make the changes. What it refuses is looked at and, if it is still wanted then, asked for once more. */
    private List<VipEvent> perform(Turn turn) {
        apply(turn);
        List<Contest> contests = turn.takeContests();
        if (!contests.isEmpty()) {
            Optional<KernelView> view = lookAround(turn.nowNs());
            view.ifPresent(seen -> contests.forEach(contest -> contest.vip().putAgain(seen, turn)));
            apply(turn);
            List<Contest> lost = view.isPresent() ? turn.takeContests() : contests;
            lost.forEach(contest -> contest.vip().giveUp(contest.refusal(), turn));
        }
        announceDue(turn.nowNs());
        return turn.events();
    }

    private void apply(Turn turn) {
        List<KernelChange> changes = turn.changes();
        if (changes.isEmpty()) {
            return;
        }
        List<Optional<String>> results;
        try {
            results = kernel.apply(changes);
        } catch (IOException e) {
            LOG.error("event=kernel-trouble cause=\"{}\"", e.getMessage());
            results = Collections.nCopies(changes.size(), Optional.of(e.getMessage()));
        }
        turn.settle(results);
    }

    private void announceDue(long nowNs) {
        for (RouterVips vips : routers.values()) {
            int copies = vips.takeAnnouncements(nowNs);
            if (copies > 0) {
                vips.count(announcer.announce(vips.announced(), copies));
            }
        }
    }
}
