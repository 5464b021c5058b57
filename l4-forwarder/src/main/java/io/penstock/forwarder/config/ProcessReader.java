package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code admin}, {@code take-over}, {@code user} and {@code watch}. */
final class ProcessReader {
    /** As useradd(8) of Debian allows them. */
    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

    private ProcessReader() {}

    static ProcessConfig read(ConfigSection document) {
        return new ProcessConfig(
                AdminKey.read(document),
                Optional.empty(),
                document.optional("user").flatMap(ProcessReader::user),
                document.oneOf("watch", ForwarderConfigReader.SWITCH, false));
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
