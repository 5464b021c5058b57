package io.penstock.vrrp.address;

import io.penstock.lease.Lease;
import io.penstock.net.IpAddress;
import io.penstock.netlink.InterfaceAddress;
import io.penstock.netlink.Link;
import io.penstock.netlink.Route;
import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.RouterConfig.OnRemoval;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One VIP of a router, as far as this host has it.
 *
 * <pre>
 *            adopted              ordered, and the kernel took it           someone removed it
 *   AWAY ---------------> LEFT -------------------------------------> HELD ---------------------> GONE
 *     |                                                                ^ ^          restored        |
 *     +---------------------- ordered, and the kernel took it ---------+ +--------------------------+
 *     +---------------------- ordered, and someone else has put it there ----> SHARED
 * </pre>
 *
 * A release leads from anywhere to AWAY; so do, by themselves, a lease that ran out, a removal that is a fault by policy, and a kernel
 * that refuses the address: then the router must not be active, and nothing happens here before it says what is to become of the VIP.
 * Only what carries the agent's mark is ever changed or removed. NOT thread safe.
 */
final class Vip {
    /** Between two restorations, so that a fight with another program does not take the whole processor. */
    static final long RESTORE_PAUSE_NS = Duration.ofMillis(100).toNanos();

    private static final long NEVER = Long.MAX_VALUE;

    /** Where it belongs. */
    record Place(String interfaceName, IpAddress address, int prefixBits) {}

    /** As the class says. */
    enum State {
        /** Not here, and not wanted here. */
        AWAY,
        /** Here from a former run; nobody has said yet whether it is wanted. */
        LEFT,
        /** Here under a lease that is refreshed. */
        HELD,
        /** Wanted, and here by someone else's hand. */
        SHARED,
        /** Wanted, but gone. */
        GONE
    }

    private final String router;
    private final Place place;
    private final int protocol;
    private final Lease lease;
    private final Announcements announcements;
    private OnRemoval onRemoval;

    /** Whether it is an address of this host's own, which somebody else is to have put there. */
    private boolean owned;

    private State state = State.AWAY;

    /** Of the last look. */
    private Optional<Link> link = Optional.empty();

    /** Whether the kernel has it where it belongs with the agent's mark, as far as is known. */
    private boolean here;

    /** Of the last look: whether it is there with another mark or none. */
    private boolean foreign;

    private long restoreAtNs;

    /**
     * @param protocol the agent's mark
     * @param announcements of the router
     */
    Vip(RouterConfig router, Place place, int protocol, Announcements announcements) {
        this.router = router.name();
        this.place = place;
        this.protocol = protocol;
        this.announcements = announcements;
        lease = new Lease(router.lease());
        onRemoval = router.onRemoval();
        owned = router.priority() == RouterConfig.OWNER_PRIORITY;
    }

    void configure(RouterConfig next) {
        lease.change(next.lease());
        onRemoval = next.onRemoval();
        owned = next.priority() == RouterConfig.OWNER_PRIORITY;
    }

    Place place() {
        return place;
    }

    State state() {
        return state;
    }

    /** As of the last look. */
    Optional<Link> link() {
        return link;
    }

    /** Whether it is where it belongs by someone else's hand, as of the last look. */
    boolean isForeign() {
        return foreign;
    }

    /** Whether this host answers for it, by whoever's hand. */
    boolean isPresent() {
        return state == State.HELD || state == State.LEFT || foreign;
    }

    VipView view(long nowNs) {
        boolean leased = state == State.HELD || state == State.LEFT;
        return new VipView(
                router,
                place.address(),
                place.prefixBits(),
                place.interfaceName(),
                isPresent(),
                leased ? Optional.of(lease.left(nowNs)) : Optional.empty());
    }

    // What is seen.

    /** It is new to this run: what a former one left may stay until someone says otherwise. */
    void adopt(KernelView view, Turn turn) {
        observe(view, turn);
        if (here) {
            lease.adopted(turn.nowNs(), ours(view).orElseThrow().validSeconds());
            state = State.LEFT;
            tell(VipEvent.Kind.ADOPTED, "left by a former run", turn);
        }
    }

    /** It is new to a router that runs and does not want it here. */
    void refuseAdoption(KernelView view, Turn turn) {
        observe(view, turn);
        release(turn);
    }

    /** What became of it since the last look, and what is to be done about that. */
    void see(KernelView view, Turn turn) {
        observe(view, turn);
        if (hasLapsed(turn.nowNs())) {
            lapse(turn);
            return;
        }
        switch (state) {
            case AWAY -> {
                if (here) {
                    remove(turn);
                }
            }
            case LEFT -> state = here ? State.LEFT : State.AWAY;
            case HELD -> {
                if (!here) {
                    vanish(turn);
                }
            }
            case SHARED -> {
                if (!foreign) {
                    vanish(turn);
                }
            }
            case GONE -> restore(turn);
        }
    }

    private void observe(KernelView view, Turn turn) {
        link = view.link(place.interfaceName());
        here = ours(view).isPresent();
        boolean before = foreign;
        foreign = seen(view).stream().anyMatch(address -> address.protocol() != protocol);
        if (foreign && !before && !owned) {
            tell(VipEvent.Kind.FOREIGN, "somebody else has put it here: it stays when another host is active", turn);
        }
    }

    private List<InterfaceAddress> seen(KernelView view) {
        return link.map(on -> view.find(on, place.address())).orElse(List.of());
    }

    private Optional<InterfaceAddress> ours(KernelView view) {
        boolean anyPrefix = !place.address().isIpv4();
        return seen(view).stream()
                .filter(address -> address.protocol() == protocol)
                .filter(address -> anyPrefix || address.prefixBits() == place.prefixBits())
                .findFirst();
    }

    private void vanish(Turn turn) {
        if (wentWithItsLink() || onRemoval == OnRemoval.RESTORE) {
            state = State.GONE;
            restore(turn);
        } else {
            state = State.AWAY;
            tell(VipEvent.Kind.REMOVED, "someone removed it", turn);
        }
    }

    /** IPv6 addresses with a lifetime do not outlast their interface's being set down; nor do any the interface itself. */
    private boolean wentWithItsLink() {
        return link.isEmpty() || (!place.address().isIpv4() && !link.get().up());
    }

    private void restore(Turn turn) {
        if (foreign) {
            state = State.SHARED;
        } else if (link.isEmpty()) {
            refuse("there is no interface " + place.interfaceName(), turn);
        } else if (!wentWithItsLink() && turn.nowNs() >= restoreAtNs) {
            put(turn);
        }
    }

    // Orders.

    void hold(Turn turn) {
        boolean held = state == State.HELD && !lease.hasLapsed(turn.nowNs());
        if (held || state == State.SHARED || state == State.GONE) {
            return;
        }
        if (foreign) {
            state = State.SHARED;
        } else if (link.isEmpty()) {
            refuse("there is no interface " + place.interfaceName(), turn);
        } else {
            put(turn);
        }
    }

    void release(Turn turn) {
        if (here) {
            remove(turn);
        }
        state = State.AWAY;
    }

    // Leases.

    void expire(Turn turn) {
        if (hasLapsed(turn.nowNs())) {
            lapse(turn);
        } else if (state == State.GONE) {
            restore(turn);
        }
    }

    boolean isDue(long nowNs) {
        return state == State.HELD && lease.isDue(nowNs);
    }

    void refreshIfNearlyDue(Turn turn) {
        if (state == State.HELD && lease.isNearlyDue(turn.nowNs())) {
            lease.asked(turn.nowNs());
            put(turn);
        }
    }

    /** When {@link #expire} or a refresh is due at the latest. */
    long deadlineNs() {
        return switch (state) {
            case HELD -> lease.wakeAtNs();
            case GONE -> wentWithItsLink() ? NEVER : restoreAtNs;
            case AWAY, LEFT, SHARED -> NEVER;
        };
    }

    private boolean hasLapsed(long nowNs) {
        return state == State.HELD && lease.hasLapsed(nowNs);
    }

    private void lapse(Turn turn) {
        state = State.AWAY;
        tell(VipEvent.Kind.LAPSED, "its lease ran out before it was refreshed", turn);
    }

    // The kernel.

    private void put(Turn turn) {
        turn.change(new KernelChange.Put(address()), refusal -> {
            if (refusal.isEmpty()) {
                taken(turn);
            } else {
                turn.contest(this, refusal.get());
            }
        });
    }

    private void taken(Turn turn) {
        here = true;
        lease.granted(turn.nowNs());
        if (state == State.GONE) {
            restoreAtNs = turn.nowNs() + RESTORE_PAUSE_NS;
            announcements.begin(turn.nowNs());
            tell(VipEvent.Kind.RESTORED, "it was gone from " + place.interfaceName(), turn);
        }
        state = State.HELD;
    }

    /** The kernel refused it at first: whether it still does, now that it is known what is there. */
    void putAgain(KernelView view, Turn turn) {
        if (state == State.HELD) {
            lease.refused(turn.nowNs());
            see(view, turn);
            return;
        }
        observe(view, turn);
        if (foreign) {
            state = State.SHARED;
        } else if (link.isEmpty()) {
            refuse("there is no interface " + place.interfaceName(), turn);
        } else {
            put(turn);
        }
    }

    /** It is not to be had, now that this is known for sure. A lease that could not be refreshed runs on: there are two more attempts. */
    void giveUp(String refusal, Turn turn) {
        if (state != State.HELD) {
            refuse(refusal, turn);
        }
    }

    void refuse(String words, Turn turn) {
        state = State.AWAY;
        tell(VipEvent.Kind.REFUSED, words, turn);
    }

    private void remove(Turn turn) {
        turn.change(new KernelChange.Remove(address()), refusal -> here = refusal.isPresent());
    }

    private InterfaceAddress address() {
        return new InterfaceAddress(
                link.orElseThrow().index(),
                place.address(),
                place.prefixBits(),
                place.address().isIpv4() ? 0 : InterfaceAddress.IFA_F_NODAD,
                Route.SCOPE_UNIVERSE,
                protocol,
                Duration.ofNanos(lease.durationNs()).toSeconds());
    }

    private void tell(VipEvent.Kind kind, String what, Turn turn) {
        turn.event(new VipEvent(router, place.address(), kind, place.address() + ": " + what));
    }
}
