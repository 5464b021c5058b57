package io.penstock.forwarder.config;

import io.penstock.admin.config.AdminKey;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code admin}, {@code take-over}, {@code user}, {@code watch} and {@code metrics}. */
final class ProcessReader {
    /** As useradd(8) of Debian allows them. */
    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

    /** A file in a directory; a sockaddr_un has room for 107 octets, see unix(7). */
    private static final Pattern SOCKET = Pattern.compile("/[!-~]{0,105}[!-.0-~]");

    private ProcessReader() {}

    static ProcessConfig read(ConfigSection document, Path file) {
        return new ProcessConfig(
                AdminKey.read(document, file),
                document.section("take-over", ProcessReader::takeOver).flatMap(path -> path),
                document.optional("user").flatMap(ProcessReader::user),
                document.oneOf("watch", ForwarderConfigReader.SWITCH, false),
                MetricsReader.read(document));
    }

    private static Optional<Path> takeOver(ConfigSection section) {
        return section.required("socket").flatMap(ProcessReader::socket);
    }

    /** Not relative to the file: another file may be another version's, of the same forwarder. */
    private static Optional<Path> socket(ConfigValue value) {
        String expected = "an absolute path of visible ASCII, at most 107 octets";
        return value.text(expected).flatMap(text -> {
            if (!SOCKET.matcher(text).matches()) {
                value.problem("must be " + expected + ", such as /run/penstock/forwarder.sock");
                return Optional.empty();
            }
            return Optional.of(Path.of(text));
        });
    }

    private static Optional<String> user(ConfigValue value) {
        Optional<String> user = value.text("the name of a user");
        boolean fits = user.isEmpty() || USER.matcher(user.get()).matches();
        if (!fits) {
            value.problem("must be the name of a user, such as penstock");
        }
        return fits ? user : Optional.empty();
    }
}
