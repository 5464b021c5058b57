package io.penstock.vrrp.config;

import java.time.Duration;

/**
 * How the network is told who has a VIP: by gratuitous ARP, or by unsolicited neighbor advertisements.
 *
 * @param repeat of each address, at once when it is taken over
 * @param again after which as many are sent a second time, for switches that were not ready; zero for never
 * @param refresh of one each while active; zero for never
 */
public record AnnounceConfig(int repeat, Duration again, Duration refresh) {
    public static final AnnounceConfig DEFAULT = new AnnounceConfig(5, Duration.ofSeconds(5), Duration.ofSeconds(60));
}
