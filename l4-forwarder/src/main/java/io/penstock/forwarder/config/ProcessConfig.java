package io.penstock.forwarder.config;

import io.penstock.admin.AdminConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What concerns the process as a whole; all of it is looked at once, at the start.
 *
 * @param admin where the admin API listens and who may do what there; empty for nowhere
 * @param takeOver the UNIX socket at which a newer process asks for the listeners; empty for none
 * @param user whom the process runs as once it has begun; empty to stay who started it
 * @param watch whether the configuration is applied when its files change
 * @param metrics what is measured beyond counting
 */
public record ProcessConfig(
        Optional<AdminConfig> admin,
        Optional<Path> takeOver,
        Optional<String> user,
        boolean watch,
        MetricsConfig metrics) {
    public static final ProcessConfig DEFAULT =
            new ProcessConfig(Optional.empty(), Optional.empty(), Optional.empty(), false, MetricsConfig.DEFAULT);
}
