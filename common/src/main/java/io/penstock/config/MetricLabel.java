package io.penstock.config;

import java.util.regex.Pattern;

/** Names of services, pools and backends: they become metric labels, log fields and path segments. */
public final class MetricLabel {
    public static final String RULE = "a name must be 1 to 128 of the characters A-Z a-z 0-9 . _ : [ ] / @ -";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._:\\[\\]/@-]{1,128}");

    private MetricLabel() {}

    public static void check(String name, ConfigValue at) {
        if (!FORM.matcher(name).matches()) {
            at.problem(RULE);
        }
    }
}
