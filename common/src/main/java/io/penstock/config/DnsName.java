package io.penstock.config;

import java.util.regex.Pattern;

/** Names of hosts, by RFC 1123 section 2.1. */
public final class DnsName {
    private static final int MAX_CHARS = 253;

    /** Letters, digits and inner hyphens, labels of at most 63; a final dot is allowed. */
    private static final Pattern FORM = Pattern.compile(
            "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*+\\.?");

    private DnsName() {}

    /** Whether it can be a DNS name; addresses may look like one. */
    public static boolean isOne(String text) {
        return text.length() <= MAX_CHARS && FORM.matcher(text).matches();
    }
}
