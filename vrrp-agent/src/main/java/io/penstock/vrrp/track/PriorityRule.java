package io.penstock.vrrp.track;

import io.penstock.vrrp.config.RouterConfig;
import io.penstock.vrrp.config.TrackConfig;
import io.penstock.vrrp.track.TrackBoard.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * What follows from the tracks of a router; pure.
 *
 * <p>A weight below 0 is added while the track is down, one above 0 while it is up; without one it is a fault while it is down. The sum is
 * kept between 1 and 254. The owner of the addresses has 255 whatever its tracks say, and only faults.
 *
 * <p>Before the first word of it a track adds nothing, for as long as its first verdict can take, and without a weight it is a fault from the
 * beginning; unless something is assumed of it, because its router runs already. After that time it is down. So it is with a watch that
 * has fallen silent, of which the last word counts on for that time.
 */
public final class PriorityRule {
    private static final int MIN_PRIORITY = 1;
    private static final int MAX_PRIORITY = 254;

    /** What a file adds at least if it is to change a priority; less than this is a fault, as in keepalived. */
    private static final int MIN_OF_FILE = -253;

    private static final int OWN_WEIGHT = 1;

    private PriorityRule() {}

    /**
     * To be asked when the board has news, an interface has changed, and at {@link #changesAtNs}.
     *
     * @param hasCarrier whether an interface of this name is there, up and has a carrier
     * @param nowNs on the clock of the board's entries
     */
    public static Verdict decide(RouterConfig router, TrackBoard board, Predicate<String> hasCarrier, long nowNs) {
        boolean owner = router.priority() == RouterConfig.OWNER_PRIORITY;
        List<TrackView> views = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        int sum = router.priority();
        for (TrackConfig track : router.tracks()) {
            TrackView view = view(router, track, board, hasCarrier, nowNs);
            if (view.fault()) {
                faults.add(view.name() + ": " + view.evidence());
            }
            if (owner) {
                view = view.withContribution(0);
            }
            sum += view.contribution();
            views.add(view);
        }
        int priority = owner ? RouterConfig.OWNER_PRIORITY : Math.max(MIN_PRIORITY, Math.min(MAX_PRIORITY, sum));
        Optional<String> fault = faults.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", faults));
        return new Verdict(priority, fault, views);
    }

    /** When the verdict may change though nothing happens, because a watch says nothing; {@link Long#MAX_VALUE} for never. */
    public static long changesAtNs(RouterConfig router, TrackBoard board, long nowNs) {
        long firstNs = Standing.NEVER;
        for (TrackConfig track : router.tracks()) {
            if (track instanceof TrackConfig.Forwarder || track instanceof TrackConfig.Checks) {
                firstNs =
                        Math.min(firstNs, standing(router, track, board, nowNs).changesAtNs());
            }
        }
        return firstNs;
    }

    private static TrackView view(
            RouterConfig router, TrackConfig track, TrackBoard board, Predicate<String> hasCarrier, long nowNs) {
        if (track instanceof TrackConfig.File file) {
            return ofFile(file, board.entry(router.name(), file.name()).flatMap(TrackBoard.Entry::sight));
        }
        if (track instanceof TrackConfig.Interface link) {
            boolean up = hasCarrier.test(link.interfaceName());
            String evidence = link.interfaceName() + (up ? " is up" : " is down, has no carrier or is not there");
            return weighed(link, "interface", new Standing(true, Optional.of(up), evidence, Standing.NEVER));
        }
        String kind = track instanceof TrackConfig.Forwarder ? "forwarder" : "checks";
        return weighed(track, kind, standing(router, track, board, nowNs));
    }

    private static Standing standing(RouterConfig router, TrackConfig track, TrackBoard board, long nowNs) {
        return Standing.of(board.entry(router.name(), track.name()), Patience.with(track), nowNs);
    }

    private static TrackView weighed(TrackConfig track, String kind, Standing standing) {
        OptionalInt weight = track.weight();
        boolean up = standing.up().orElse(weight.isPresent() && weight.getAsInt() < 0);
        int contribution = weight.isPresent() && (weight.getAsInt() > 0) == up ? weight.getAsInt() : 0;
        boolean fault = weight.isEmpty() && !up;
        return new TrackView(track.name(), kind, standing.known(), up, contribution, fault, standing.evidence());
    }

    private static TrackView ofFile(TrackConfig.File file, Optional<Sight> sight) {
        int contribution = sight.map(Sight::number).orElse(0) * file.weight().orElse(OWN_WEIGHT);
        boolean fault = contribution < MIN_OF_FILE;
        String evidence = sight.map(Sight::evidence).orElse("not read yet");
        return new TrackView(file.name(), "file", sight.isPresent(), !fault, fault ? 0 : contribution, fault, evidence);
    }
}
