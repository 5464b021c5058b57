package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;

/** Reads {@code source} of a pool. */
final class SourceReader {
    private SourceReader() {}

    static SourceConfig read(ConfigSection pool) {
        return SourceConfig.KERNELS_CHOICE;
    }
}
