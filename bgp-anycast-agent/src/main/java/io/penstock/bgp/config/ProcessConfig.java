package io.penstock.bgp.config;

import io.penstock.admin.AdminConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What concerns the process as a whole.
 *
 * @param admin where the admin API listens and who may do what there; empty for nowhere
 * @param watch whether the configuration is applied when its files change
 * @param namedFiles whose content is part of the configuration
 */
public record ProcessConfig(Optional<AdminConfig> admin, boolean watch, Set<Path> namedFiles) {
    public static final ProcessConfig DEFAULT = new ProcessConfig(Optional.empty(), false, Set.of());

    public ProcessConfig {
        namedFiles = Set.copyOf(namedFiles);
    }
}
