package io.penstock.vrrp.keepalived;

/** A word of keepalived.conf, its quotes taken off. */
record Word(String text, Place place) {}
