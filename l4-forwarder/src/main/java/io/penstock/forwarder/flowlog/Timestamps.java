package io.penstock.forwarder.flowlog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.LocalDate;

/** Moments as ISO 8601 has them, in UTC with milliseconds: {@code 2026-11-22T04:00:00.123Z}. NOT thread safe. */
final class Timestamps {
    private static final long MS_PER_DAY = 86_400_000;

    private long day = Long.MIN_VALUE;
    private byte[] date = {};

    /** @param epochMs since 1970, of the years 0 to 9999 */
    void put(LineBuffer buffer, long epochMs) {
        long dayOf = Math.floorDiv(epochMs, MS_PER_DAY);
        if (dayOf != day) {
            day = dayOf;
            date = LocalDate.ofEpochDay(dayOf).toString().getBytes(US_ASCII);
        }
        int ms = (int) Math.floorMod(epochMs, MS_PER_DAY);
        buffer.put(date)
                .put('T')
                .decimal(ms / 3_600_000, 2)
                .put(':')
                .decimal(ms / 60_000 % 60, 2)
                .put(':')
                .decimal(ms / 1000 % 60, 2)
                .put('.')
                .decimal(ms % 1000, 3)
                .put('Z');
    }
}
