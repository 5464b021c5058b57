package io.penstock.health.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.health.Probe;
import io.penstock.health.Probe.Expect;
import io.penstock.health.Probe.StatusRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code http} of a check. */
final class HttpProbeReader {
    private static final Map<String, String> METHODS = Map.of("GET", "GET", "HEAD", "HEAD", "OPTIONS", "OPTIONS");
    private static final String DEFAULT_METHOD = "GET";
    private static final String DEFAULT_PATH = "/";

    /** As HAProxy: a redirect says that the server is there. */
    private static final List<StatusRange> DEFAULT_STATUSES = List.of(new StatusRange(200, 399));

    private static final int MIN_STATUS = 100;
    private static final int MAX_STATUS = 599;

    /** What a request line may hold; RFC 3986 wants the rest percent-encoded. */
    private static final Pattern PATH = Pattern.compile("/[!-~]{0,2047}");

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,255}");
    private static final Pattern STATUSES = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");

    private final TlsReader tls;

    HttpProbeReader(TlsReader tls) {
        this.tls = tls;
    }

    Probe read(ConfigSection http) {
        String method = http.oneOf("method", METHODS, DEFAULT_METHOD);
        String path = matching(http, "path", PATH, "a path of visible ASCII characters that begins with /")
                .orElse(DEFAULT_PATH);
        Optional<String> host = matching(http, "host", HOST, "a host, with or without a port");
        List<StatusRange> statuses = http.optional("status")
                .map(value -> value.itemsOrOne("a status, or a list of at least one"))
                .map(items ->
                        items.stream().flatMap(item -> statuses(item).stream()).toList())
                .orElse(DEFAULT_STATUSES);
        Optional<Expect> body = http.optional("body").flatMap(PayloadReader::expect);
        if (method.equals("HEAD")) {
            KeyRules.onlyFor("answers that have one, of GET and OPTIONS,", http, "body");
        }
        Optional<Probe.Tls> encrypted = http.section("tls", tls::read);
        return ProbeReader.ifSound(http, () -> new Probe.Http(method, path, host, statuses, body, encrypted));
    }

    private static Optional<String> matching(ConfigSection http, String key, Pattern form, String expected) {
        return http.optional(key).flatMap(value -> value.text(expected).filter(text -> {
            if (!form.matcher(text).matches()) {
                value.problem("must be " + expected);
                return false;
            }
            return true;
        }));
    }

    /** A number, or a text with two. */
    private static Optional<StatusRange> statuses(ConfigValue value) {
        Matcher form = STATUSES.matcher(value.was());
        if (!value.isScalar() || !form.matches()) {
            value.problem("must be a status from " + MIN_STATUS + " to " + MAX_STATUS + ", or a range such as 200-399");
            return Optional.empty();
        }
        int first = Integer.parseInt(form.group(1));
        int last = form.group(2) == null ? first : Integer.parseInt(form.group(2));
        if (first > last) {
            value.problem("the first status of a range must not be above the last");
            return Optional.empty();
        }
        return Optional.of(new StatusRange(first, last));
    }
}
