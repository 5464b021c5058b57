package io.penstock.forwarder.geo;

import io.penstock.config.ConfigProblem;
import io.penstock.config.ConfigProblems;
import io.penstock.forwarder.config.Place;
import io.penstock.net.IpPrefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.collections.IntArrayList;

/**
 * A text file with a prefix and a place in each line, which a comma or blanks separate; {@code #} begins a comment. A
 * place is {@code region/zone}, {@code region/} for anywhere in it, or a zone of the forwarder's own region.
 *
 * <pre>
 *   198.51.100.0/24, eu/a     # the office
 *   2001:db8::/32    us/
 * </pre>
 */
final class PrefixList {
    /** Room for ten million lines. */
    static final long MAX_BYTES = 256L << 20;

    private static final Pattern LINE =
            Pattern.compile("\\s*(?<prefix>[^\\s,]+)(?:\\s*,\\s*|\\s+)(?<place>[^\\s,]+)\\s*");

    /** The characters of every name in a configuration; a region ends at the first slash. */
    private static final Pattern PLACE =
            Pattern.compile("(?:(?<region>[A-Za-z0-9._:\\[\\]-]{1,128})/)?(?<zone>[A-Za-z0-9._:\\[\\]/-]{0,128})");

    private final Path file;
    private final String ownRegion;
    private final ZoneMapBuilder zones;
    private final ConfigProblems problems;
    private final IntArrayList lines = new IntArrayList();

    PrefixList(Path file, String ownRegion, ZoneMapBuilder zones) {
        this.file = file;
        this.ownRegion = ownRegion;
        this.zones = zones;
        problems = new ConfigProblems(file.toString());
    }

    /** @throws io.penstock.config.InvalidConfigException with every problem, or the first thousand */
    void read() {
        int number = 1;
        try {
            if (Files.size(file) > MAX_BYTES) {
                problem(1, 1, ConfigProblem.DOCUMENT, "must be at most " + MAX_BYTES + " bytes", "more than that");
                problems.throwIfAny();
            }
            try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    onLine(number, line);
                    number++;
                }
            }
        } catch (CharacterCodingException notText) {
            problem(number, 1, ConfigProblem.DOCUMENT, "must be UTF-8 text from here on", "other bytes");
        } catch (IOException failed) {
            problem(number, 1, ConfigProblem.DOCUMENT, "must be readable", String.valueOf(failed.getMessage()));
        }
        for (int repeated : zones.repeated()) {
            problem(lines.getInt(repeated), 1, "prefix", "must stand in one line only", "an earlier line has it too");
        }
        problems.throwIfAny();
    }

    private void onLine(int number, String line) {
        int comment = line.indexOf('#');
        String content = comment < 0 ? line : line.substring(0, comment);
        if (content.isBlank()) {
            return;
        }
        Matcher parts = LINE.matcher(content);
        if (!parts.matches()) {
            int column = 1 + content.length() - content.stripLeading().length();
            problem(number, column, "line", "must be a prefix and a place, such as 192.0.2.0/24,eu/a", content.strip());
            return;
        }
        Optional<IpPrefix> prefix = IpPrefix.parse(parts.group("prefix"));
        if (prefix.isEmpty()) {
            problem(
                    number,
                    1 + parts.start("prefix"),
                    "prefix",
                    "must be an address, or a prefix such as 192.0.2.0/24 or 2001:db8::/32 with no bit set behind its length",
                    parts.group("prefix"));
        }
        Optional<Place> place = place(parts.group("place"));
        if (place.isEmpty()) {
            problem(
                    number,
                    1 + parts.start("place"),
                    "place",
                    "must be region/zone, region/ or zone",
                    parts.group("place"));
        }
        if (prefix.isPresent() && place.isPresent()) {
            add(number, 1 + parts.start("place"), prefix.get(), place.get());
        }
    }

    private Optional<Place> place(String text) {
        Matcher parts = PLACE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String region = parts.group("region");
        return Optional.of(new Place(region == null ? ownRegion : region, parts.group("zone")));
    }

    private void add(int number, int column, IpPrefix prefix, Place place) {
        if (zones.tryAdd(prefix, place)) {
            lines.addInt(number);
        } else {
            problem(number, column, "place", "must be one of at most " + ZoneMapBuilder.MAX_PLACES, "one more");
        }
    }

    private void problem(int line, int column, String key, String rule, String was) {
        problems.add(line, column, key, rule, was);
    }
}
