package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.ConfigValue.NamedValue;
import io.penstock.config.KeyRules;
import io.penstock.forwarder.config.ProxyHeaderConfig.PassTlvs;
import io.penstock.forwarder.config.ProxyHeaderConfig.Version;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads {@code send-proxy} of a pool. */
final class ProxyHeaderReader {
    private static final Map<String, Version> VERSIONS = Map.of("v1", Version.V1, "v2", Version.V2);
    private static final Map<String, PassTlvs> PASS_TLVS =
            Map.of("none", PassTlvs.NONE, "authority", PassTlvs.AUTHORITY, "all", PassTlvs.ALL);

    /** One way to write each, so that none stands there twice. */
    private static final Pattern TYPE = Pattern.compile("0xE[0-9A-F]");

    private ProxyHeaderReader() {}

    static ProxyHeaderConfig read(ConfigSection pool) {
        Optional<ConfigValue> header = pool.optional("send-proxy");
        return header.flatMap(value -> value.isMapping()
                        ? value.section(ProxyHeaderReader::header)
                        : value.oneOf(VERSIONS).map(ProxyHeaderConfig::of))
                .orElse(ProxyHeaderConfig.NONE);
    }

    private static ProxyHeaderConfig header(ConfigSection header) {
        Version version = header.oneOf("version", VERSIONS, Version.V2);
        ProxyHeaderConfig read = new ProxyHeaderConfig(
                version,
                header.bool("unique-id", false),
                header.bool("checksum", false),
                header.optional("tlvs").map(ProxyHeaderReader::tlvs).orElse(Map.of()),
                header.oneOf("pass-tlvs", PASS_TLVS, PassTlvs.AUTHORITY));
        if (version == Version.V1) {
            KeyRules.onlyFor("version: v2", header, "unique-id", "checksum", "tlvs", "pass-tlvs");
        }
        return read;
    }

    private static Map<Integer, String> tlvs(ConfigValue tlvs) {
        Map<Integer, String> texts = new TreeMap<>();
        for (NamedValue entry : tlvs.named("a mapping of types to texts, with at least one")) {
            if (TYPE.matcher(entry.name()).matches()) {
                text(entry.value()).ifPresent(text -> texts.put(Integer.decode(entry.name()), text));
            } else {
                entry.key().problem("must be a type from \"0xE0\" to \"0xEF\", in quotes");
            }
        }
        return Map.copyOf(texts);
    }

    private static Optional<String> text(ConfigValue value) {
        String expected = "a text of 1 to " + ProxyHeaderConfig.MAX_TLV_LENGTH + " characters";
        Optional<String> text = value.text(expected);
        if (text.isPresent() && text.get().codePointCount(0, text.get().length()) > ProxyHeaderConfig.MAX_TLV_LENGTH) {
            value.problem("must be " + expected);
            return Optional.empty();
        }
        return text;
    }
}
