package io.penstock.vrrp.track;

import io.penstock.vrrp.track.TrackBoard.Entry;
import io.penstock.vrrp.track.TrackBoard.Sight;
import java.util.Optional;

/**
 * What the word of a watch is still worth. One that it should have confirmed long ago counts on for as long as a first word can take, and
 * then as down; so does what is assumed of a track before its first word. Pure.
 *
 * @param known whether there is a word that counts
 * @param up empty when nothing is known or assumed, and so its weight decides
 * @param changesAtNs when this changes by itself; {@link Long#MAX_VALUE} for never
 */
record Standing(boolean known, Optional<Boolean> up, String evidence, long changesAtNs) {
    static final long NEVER = Long.MAX_VALUE;

    private static final String NO_WORD = "no word of it yet";
    private static final String SILENT = "its watch has fallen silent";

    static Standing of(Optional<Entry> entry, Patience patience, long nowNs) {
        if (entry.isEmpty()) {
            return new Standing(false, Optional.empty(), NO_WORD, NEVER);
        }
        Entry heard = entry.get();
        if (heard.sight().isEmpty()) {
            return inDoubt(heard.assumedUp(), heard.sinceNs(), NO_WORD, patience, nowNs);
        }
        Sight sight = heard.sight().get();
        Optional<Boolean> up = Optional.of(sight.up());
        if (heard.isAgeless()) {
            return new Standing(true, up, sight.evidence(), NEVER);
        }
        long lastsNs = sight.up() ? patience.fallNs() : patience.riseNs();
        long silentAtNs = heard.atNs() + lastsNs + 1;
        return nowNs < silentAtNs
                ? new Standing(true, up, sight.evidence(), silentAtNs)
                : inDoubt(up, silentAtNs, SILENT, patience, nowNs);
    }

    private static Standing inDoubt(
            Optional<Boolean> up, long sinceNs, String evidence, Patience patience, long nowNs) {
        long endsAtNs = sinceNs + patience.firstWordNs();
        return nowNs < endsAtNs
                ? new Standing(false, up, evidence, endsAtNs)
                : new Standing(false, Optional.of(false), evidence, NEVER);
    }
}
