package io.penstock.vrrp.it;

/** Who meets whom. */
record Versus(Profile profile, Kind ours, Kind theirs, boolean oursIsHigher) {
    @Override
    public String toString() {
        return profile + ", of " + (oursIsHigher ? "higher" : "lower") + " priority";
    }
}
