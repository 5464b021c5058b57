package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.NamedFile;
import io.penstock.net.IpPrefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one list of prefixes: as such, or as a text file that has one in each line; {@code #} begins a comment there. What is
 * wrong with a line of the file is reported where the configuration names it.
 */
final class PrefixesReader {
    /** Room for some million lines. */
    private static final long MAX_BYTES = 64L << 20;

    private final Path configFile;
    private final Map<IpPrefix, Integer> lineByPrefix = new HashMap<>();

    PrefixesReader(Path configFile) {
        this.configFile = configFile;
    }

    List<IpPrefix> read(ConfigValue value) {
        if (value.isMapping()) {
            return value.section(this::file).orElse(List.of());
        }
        List<IpPrefix> prefixes = new ArrayList<>();
        for (ConfigValue item : value.items("a list of at least one prefix, or a mapping with the key file")) {
            SplitReader.prefix(item, lineByPrefix).ifPresent(prefixes::add);
        }
        return List.copyOf(prefixes);
    }

    private List<IpPrefix> file(ConfigSection section) {
        Optional<ConfigValue> named = section.required("file");
        Optional<Path> file = named.flatMap(value -> NamedFile.read(value, configFile));
        return file.isEmpty() ? List.of() : lines(named.orElseThrow(), file.get());
    }

    private static List<IpPrefix> lines(ConfigValue named, Path file) {
        List<IpPrefix> prefixes = new ArrayList<>();
        int number = 1;
        try {
            if (Files.size(file) > MAX_BYTES) {
                named.problem("must name a file of at most " + MAX_BYTES + " bytes", "more than that");
                return List.of();
            }
            try (BufferedReader reader = Files.newBufferedReader(file)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    onLine(named, number, line).ifPresent(prefixes::add);
                    number++;
                }
            }
        } catch (CharacterCodingException notText) {
            named.problem("must name a list of prefixes, in UTF-8", "other bytes in line " + number + " or after it");
        } catch (IOException failed) {
            named.problem("must name a readable file: " + failed.getMessage());
        }
        return List.copyOf(prefixes);
    }

    private static Optional<IpPrefix> onLine(ConfigValue named, int number, String line) {
        int comment = line.indexOf('#');
        String content = (comment < 0 ? line : line.substring(0, comment)).strip();
        if (content.isEmpty()) {
            return Optional.empty();
        }
        Optional<IpPrefix> prefix = IpPrefix.parse(content);
        if (prefix.isEmpty()) {
            named.problem(
                    "must name a list of addresses and prefixes such as 192.0.2.0/24, with no bit set behind their length;"
                            + " line " + number + " is none",
                    content);
        }
        return prefix;
    }
}
