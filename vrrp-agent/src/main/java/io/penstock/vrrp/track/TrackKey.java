package io.penstock.vrrp.track;

/** A track of a router. */
record TrackKey(String router, String track) {}
