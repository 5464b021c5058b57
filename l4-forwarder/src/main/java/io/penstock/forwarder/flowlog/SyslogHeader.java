package io.penstock.forwarder.flowlog;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * What stands before the text of a message of RFC 5424: facility local0, severity informational, or warning for a failure, and
 * no structured data. NOT thread safe.
 */
final class SyslogHeader {
    private static final int LOCAL0 = 16;
    private static final int WARNING = 4;
    private static final int INFORMATIONAL = 6;

    /** Section 6.2.4. */
    private static final int MAX_HOST_CHARS = 255;

    private final byte[] informational = priority(INFORMATIONAL);
    private final byte[] warning = priority(WARNING);
    private final byte[] sender;
    private final Timestamps timestamps = new Timestamps();

    /** @param host its name; what is no name becomes the nil value */
    SyslogHeader(String host, long pid) {
        boolean fits = !host.isEmpty()
                && host.length() <= MAX_HOST_CHARS
                && host.chars().allMatch(next -> next > ' ' && next < 0x7f);
        sender = (" " + (fits ? host : "-") + " l4-forwarder " + pid + " flow - ").getBytes(US_ASCII);
    }

    private static byte[] priority(int severity) {
        return ("<" + (LOCAL0 * 8 + severity) + ">1 ").getBytes(US_ASCII);
    }

    void put(LineBuffer line, boolean failure, long epochMs) {
        line.put(failure ? warning : informational);
        timestamps.put(line, epochMs);
        line.put(sender);
    }
}
