package io.penstock.forwarder.it.adversary;

/** A script whose outcome no direct connection would have had. */
record Failure(Script script, String violation, Run.Way way) {
    @Override
    public String toString() {
        String how = way == Run.Way.DIRECT ? " (over a direct connection: the rules are wrong)" : "";
        return violation + how + "\n  " + script;
    }
}
