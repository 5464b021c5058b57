package io.penstock.perf.lab.demo;

/** What is broken of one forwarder, and how long new clients may still be sent there. */
enum Failure {
    KILLED("forwarder", "its process is killed (SIGKILL)", 1_000),
    FROZEN("freeze", "all its processes are stopped (SIGSTOP)", 2_000),
    UNPLUGGED("link", "its link to the router is pulled", 500),
    CUT_OFF("backends", "all its backends are dead to it", 2_000);

    private final String thing;
    private final String what;
    private final long goalMs;

    Failure(String thing, String what, long goalMs) {
        this.thing = thing;
        this.what = what;
        this.goalMs = goalMs;
    }

    /** As {@code scripts/lab} names it. */
    String thing(String host) {
        return host + "." + thing;
    }

    String what() {
        return what;
    }

    long goalMs() {
        return goalMs;
    }
}
