package io.penstock.serving;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;
import java.time.Duration;

/**
 * How a forwarder is asked whether it serves a VIP: GET /v1/health/vips/ADDRESS.
 *
 * @param server of the forwarder
 * @param credentials what is shown there, and whom it is taken for
 * @param interval between the starts of two questions, unless an answer takes longer
 * @param timeout until a missing answer counts as one against the VIP
 * @param rise answers in a row that make it served
 * @param fall answers in a row, or missing ones, that make it not served
 */
public record ForwarderQuestion(
        AdminAddress server, AdminCredentials credentials, Duration interval, Duration timeout, int rise, int fall) {
    public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(200);

    /** An answer takes some milliseconds; on a host whose cores are all busy, some tens. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(500);

    public static final int DEFAULT_RISE = 2;
    public static final int DEFAULT_FALL = 3;

    public ForwarderQuestion {
        if (rise < 1 || fall < 1) {
            throw new IllegalArgumentException("rise and fall must be at least 1");
        }
    }

    /** How long the first verdict on a VIP that is served can take: each answer as late as it can be. */
    public Duration timeToRise() {
        return interval.plus(timeout).multipliedBy(rise);
    }

    /** How long it can take to see that a VIP is not served any more, or that nobody answers. */
    public Duration timeToFall() {
        return interval.plus(timeout).multipliedBy(fall);
    }
}
