package io.penstock.forwarder.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.config.Suggestion;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code split} of one service. */
final class SplitReader {
    private static final String EXPECTED = "a prefix such as \"198.51.100.0/24\" or \"2001:db8::/32\"";

    private static final Pattern FORM =
            Pattern.compile("(?<address>[^/]+)(?:/(?<length>0|[1-9][0-9]?|1[01][0-9]|12[0-8]))?");
    private static final int IPV4_BITS = 32;

    private final Set<String> poolNames;
    private final Map<IpPrefix, Integer> lineByPrefix = new HashMap<>();
    private final Map<String, Integer> lineByShare = new HashMap<>();
    private int percentTotal;

    /** @param poolNames of the pools in the file, readable or not */
    SplitReader(Set<String> poolNames) {
        this.poolNames = poolNames;
    }

    List<SplitConfig> read(Optional<ConfigValue> split) {
        List<SplitConfig> splits = new ArrayList<>();
        split.ifPresent(value -> value.items("a list of at least one split")
                .forEach(item -> item.section(this::one).ifPresent(splits::add)));
        if (percentTotal > SplitConfig.WHOLE) {
            split.ifPresent(value -> value.problem("the percentages of all splits must be at most 100% together"));
        }
        return List.copyOf(splits);
    }

    private SplitConfig one(ConfigSection split) {
        Optional<ConfigValue> poolValue = split.required("pool");
        String pool =
                poolValue.flatMap(value -> value.text("the name of a pool")).orElse("");
        if (poolValue.isPresent() && split.isSound("pool")) {
            checkPool(poolValue.get(), pool, poolNames);
        }
        List<IpPrefix> sources = new ArrayList<>();
        split.optional("sources").ifPresent(value -> value.items("a list of at least one prefix")
                .forEach(item -> prefix(item, lineByPrefix).ifPresent(sources::add)));
        int percent = split.optional("percent")
                .map(value -> value.percent(0, SplitConfig.WHOLE).orElse(0))
                .orElse(0);
        split.optional("percent").ifPresent(value -> checkShare(value, pool));
        percentTotal += percent;
        KeyRules.atMostOne(split, "sources", "percent");
        if (KeyRules.hasNone(split, "sources", "percent")) {
            split.problem("percent", "is needed, or sources");
        }
        return new SplitConfig(pool, List.copyOf(sources), percent);
    }

    /** Whether a client is in a share is drawn by the name of its pool: two shares would draw alike. */
    private void checkShare(ConfigValue percent, String pool) {
        Integer firstLine = lineByShare.putIfAbsent(pool, percent.line());
        if (firstLine != null && !pool.isEmpty()) {
            percent.problem("this pool has a share already, at line " + firstLine);
        }
    }

    static void checkPool(ConfigValue at, String pool, Set<String> poolNames) {
        if (!poolNames.isEmpty() && !poolNames.contains(pool)) {
            at.problem("no pool is named '" + pool + "'" + Suggestion.didYouMean(pool, poolNames));
        }
    }

    /** @param lineByPrefix where each prefix of the list was; none may stand there twice */
    static Optional<IpPrefix> prefix(ConfigValue value, Map<IpPrefix, Integer> lineByPrefix) {
        Optional<IpPrefix> prefix = value.text(EXPECTED).flatMap(text -> parsed(value, text));
        prefix.ifPresent(read -> {
            Integer firstLine = lineByPrefix.putIfAbsent(read, value.line());
            if (firstLine != null) {
                value.problem("duplicate prefix, first at line " + firstLine);
            }
        });
        return prefix;
    }

    private static Optional<IpPrefix> parsed(ConfigValue value, String text) {
        Matcher form = FORM.matcher(text);
        boolean tooLong = form.matches()
                && form.group("length") != null
                && text.indexOf(':') < 0
                && Integer.parseInt(form.group("length")) > IPV4_BITS;
        if (!form.matches() || tooLong) {
            value.problem("must be " + EXPECTED);
            return Optional.empty();
        }
        Optional<IpAddress> address = AddressText.read(value, form.group("address"), EXPECTED);
        Optional<IpPrefix> prefix = address.flatMap(first -> IpPrefix.parse(text));
        if (address.isPresent() && prefix.isEmpty()) {
            value.problem("must have no bit set behind its prefix length");
        }
        return prefix;
    }
}
