package io.penstock.vrrp.track;

/**
 * A track at one moment.
 *
 * @param kind interface, forwarder, checks or file
 * @param known whether there is a word of it that counts
 * @param up what it counts as, known or not; of a file: that it is no fault
 * @param contribution what it adds to the priority now
 */
public record TrackView(
        String name, String kind, boolean known, boolean up, int contribution, boolean fault, String evidence) {
    TrackView withContribution(int other) {
        return new TrackView(name, kind, known, up, other, fault, evidence);
    }
}
