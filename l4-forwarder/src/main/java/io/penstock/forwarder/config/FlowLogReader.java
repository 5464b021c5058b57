package io.penstock.forwarder.config;

import io.penstock.config.AddressText;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.KeyRules;
import io.penstock.forwarder.config.FlowLogConfig.Format;
import io.penstock.forwarder.config.FlowLogConfig.Target;
import io.penstock.forwarder.config.FlowLogConfig.ToFile;
import io.penstock.forwarder.config.FlowLogConfig.ToStdout;
import io.penstock.forwarder.config.FlowLogConfig.ToSyslog;
import io.penstock.net.Endpoint;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads {@code flow-log}. */
final class FlowLogReader {
    private static final Map<String, Format> FORMATS = Map.of("json", Format.JSON, "logfmt", Format.LOGFMT);
    private static final Map<String, Boolean> FAILURES = Map.of("always", true, "sampled", false);

    /** A file in a directory; names of more than this are no file's. */
    private static final Pattern PATH = Pattern.compile("/[ -~]{0,1021}[!-.0-~]");

    private static final String PATH_EXPECTED =
            "an absolute path of printable ASCII, such as /var/log/penstock/flows.log";
    private static final String SYSLOG_EXPECTED =
            "the receiver's UNIX socket or address, such as unix:/dev/log or udp://192.0.2.5:514";

    private FlowLogReader() {}

    static FlowLogConfig read(ConfigSection section) {
        Format format = section.oneOf("format", FORMATS, Format.JSON);
        int share = section.optional("sample")
                .map(value -> value.percent(0, FlowLogConfig.ALL))
                .orElse(OptionalInt.of(FlowLogConfig.ALL))
                .orElse(FlowLogConfig.ALL);
        boolean everyFailure = section.oneOf("failures", FAILURES, false);
        if (share == 0 && !everyFailure && section.isSound("failures")) {
            section.problem("sample", "writes nothing, unless failures is always");
        }
        Optional<Target> file = section.section("file", FlowLogReader::file).flatMap(target -> target);
        Optional<Target> stdout = section.optional("stdout").flatMap(FlowLogReader::stdout);
        Optional<Target> syslog = section.optional("syslog").flatMap(FlowLogReader::syslog);
        KeyRules.atMostOne(section, "file", "stdout", "syslog");
        if (KeyRules.hasNone(section, "file", "stdout", "syslog")) {
            section.problem("file", "is needed, or stdout, or syslog");
        }
        Target target = file.or(() -> stdout).or(() -> syslog).orElseGet(ToStdout::new);
        return new FlowLogConfig(format, share, everyFailure, target);
    }

    private static Optional<Target> file(ConfigSection section) {
        Optional<Path> path = section.required("path").flatMap(FlowLogReader::path);
        long maxBytes = section.optional("max-size")
                .map(value -> value.size(ToFile.MIN_MAX_BYTES, ToFile.MAX_MAX_BYTES))
                .orElse(OptionalLong.empty())
                .orElse(ToFile.DEFAULT_MAX_BYTES);
        int keep = section.integer("keep", ToFile.DEFAULT_KEEP, 1, ToFile.MAX_KEEP);
        return path.map(file -> new ToFile(file, maxBytes, keep));
    }

    /** Not relative to the file: another file may be another version's, of the same forwarder. */
    private static Optional<Path> path(ConfigValue value) {
        return value.text(PATH_EXPECTED).flatMap(text -> {
            if (!PATH.matcher(text).matches()) {
                value.problem("must be " + PATH_EXPECTED);
                return Optional.empty();
            }
            return Optional.of(Path.of(text));
        });
    }

    private static Optional<Target> stdout(ConfigValue value) {
        Optional<Boolean> given = value.bool();
        if (given.isPresent() && !given.get()) {
            value.problem("must be true, or left out");
        }
        return given.map(yes -> new ToStdout());
    }

    private static Optional<Target> syslog(ConfigValue value) {
        return value.text(SYSLOG_EXPECTED)
                .flatMap(text -> receiver(value, text))
                .map(ToSyslog::new);
    }

    private static Optional<Endpoint> receiver(ConfigValue value, String text) {
        if (UnixAddressText.isOne(text)) {
            return UnixAddressText.read(value, text).map(Endpoint::of);
        }
        if (!text.startsWith(ToSyslog.UDP)) {
            value.problem("must be " + SYSLOG_EXPECTED);
            return Optional.empty();
        }
        return HostPort.split(value, text.substring(ToSyslog.UDP.length()))
                .filter(parts -> isSinglePort(value, parts))
                .flatMap(parts -> parts.literal(value)
                        .filter(address -> AddressText.isReachable(value, address))
                        .map(address -> new Endpoint(address, parts.firstPort())));
    }

    private static boolean isSinglePort(ConfigValue value, HostPort parts) {
        boolean single = parts.firstPort() > 0 && parts.firstPort() == parts.lastPort();
        if (!single) {
            value.problem("must have one port, such as udp://192.0.2.5:514");
        }
        return single;
    }
}
