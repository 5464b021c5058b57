package io.penstock.vrrp.track;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What is known of tracks. Watches post here from threads of their own; the agent's thread reads. Safe from any thread. */
public final class TrackBoard {
    /** Of a sight that holds until the next one, however long that takes. */
    private static final long AGELESS = Long.MAX_VALUE;

    /**
     * What a watch last said.
     *
     * @param up of a file: always
     * @param number of a file, else 0
     * @param evidence for people
     */
    public record Sight(boolean up, int number, String evidence) {}

    /**
     * All that is known of a track.
     *
     * @param sinceNs when its watch began
     * @param assumedUp what it counts as for a while, before the first word; empty for what its weight says
     * @param sight empty before the first word
     * @param atNs of which time the sight is
     */
    record Entry(long sinceNs, Optional<Boolean> assumedUp, Optional<Sight> sight, long atNs) {
        boolean isAgeless() {
            return atNs == AGELESS;
        }
    }

    private final Map<TrackKey, Entry> entries = new ConcurrentHashMap<>();
    private final Runnable onNews;

    /** @param onNews called on the thread that posted, when something has changed; must not block */
    public TrackBoard(Runnable onNews) {
        this.onNews = onNews;
    }

    /** A sight that holds until the next one. */
    public void post(String router, String track, Sight sight) {
        post(router, track, sight, AGELESS);
    }

    /**
     * A sight that has to be confirmed, again and again.
     *
     * @param atNs on the agent's clock
     */
    public void post(String router, String track, Sight sight, long atNs) {
        TrackKey key = new TrackKey(router, track);
        Entry former = entries.get(key);
        long sinceNs = former == null ? atNs : former.sinceNs();
        entries.put(key, new Entry(sinceNs, Optional.empty(), Optional.of(sight), atNs));
        if (former == null || !former.sight().equals(Optional.of(sight))) {
            onNews.run();
        }
    }

    /** It is watched from now on, or anew: nothing that was said of it before counts. */
    void begin(TrackKey key, long nowNs, Optional<Boolean> assumedUp) {
        entries.put(key, new Entry(nowNs, assumedUp, Optional.empty(), nowNs));
        onNews.run();
    }

    /** It is not watched any more. */
    void forget(TrackKey key) {
        entries.remove(key);
    }

    Optional<Entry> entry(String router, String track) {
        return Optional.ofNullable(entries.get(new TrackKey(router, track)));
    }
}
