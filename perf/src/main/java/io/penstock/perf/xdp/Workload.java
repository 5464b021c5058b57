package io.penstock.perf.xdp;

import java.util.ArrayList;
import java.util.List;

/** What wrk asks for, and what is promised of the time added per request, beside what the others add. */
enum Workload {
    KEEP_ALIVE("keep-alive", 2, "32 connections that stay, answers of 7 octets", 0.6, 0.3),
    CONNECT("connect", 1, "32 connections at a time, a new one for each request", 0.8, 0.4),
    BULK("3 MB", 4, "4 connections that stay, answers of 3,000,000 octets", 0.9, 0.15);

    private final String label;
    private final int turns;
    private final String description;
    private final double ofNftables;
    private final double ofHaproxy;

    Workload(String label, int turns, String description, double ofNftables, double ofHaproxy) {
        this.label = label;
        this.turns = turns;
        this.description = description;
        this.ofNftables = ofNftables;
        this.ofHaproxy = ofHaproxy;
    }

    String label() {
        return label;
    }

    /** How often it is measured in each round: the more, the smaller what is added is beside what everybody takes. */
    int turns() {
        return turns;
    }

    String description() {
        return description;
    }

    /** At most this share of what nftables adds. */
    double ofNftables() {
        return ofNftables;
    }

    /** At most this share of what HAProxy adds. */
    double ofHaproxy() {
        return ofHaproxy;
    }

    /** The command. */
    List<String> wrk(String vip, int seconds) {
        List<String> words = new ArrayList<>(List.of("wrk", "-t1", "-d" + seconds + "s"));
        words.add(this == BULK ? "-c4" : "-c32");
        if (this == CONNECT) {
            words.addAll(List.of("-H", "Connection: close"));
        }
        words.add("http://" + vip + (this == BULK ? "/3mb" : "/"));
        return words;
    }
}
