package io.penstock.forwarder.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.forwarder.config.ProxyHeaderConfig;
import io.penstock.forwarder.config.ProxyInputConfig;
import io.penstock.forwarder.table.ProxyHeader;
import io.penstock.forwarder.table.ProxyHeader.Passing;
import io.penstock.forwarder.table.ProxyHeader.Version;
import io.penstock.forwarder.table.ProxyInput;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes what workers see of the PROXY protocol, both ways, from what is configured. */
final class ProxyHeaders {
    private ProxyHeaders() {}

    static ProxyInput input(Optional<ProxyInputConfig> config) {
        return config.map(input -> new ProxyInput(input.from(), input.timeout().toNanos(), input.require()))
                .orElse(ProxyInput.NONE);
    }

    static ProxyHeader header(ProxyHeaderConfig config) {
        Version version =
                switch (config.version()) {
                    case NONE -> Version.NONE;
                    case V1 -> Version.V1;
                    case V2 -> Version.V2;
                };
        Passing passing =
                switch (config.passTlvs()) {
                    case NONE -> Passing.NONE;
                    case AUTHORITY -> Passing.AUTHORITY;
                    case ALL -> Passing.ALL;
                };
        return version == Version.NONE
                ? ProxyHeader.NONE
                : new ProxyHeader(version, config.uniqueId(), config.checksum(), passing, entries(config.tlvs()));
    }

    /** In the order of their types: type, two octets of length, text. */
    private static byte[] entries(Map<Integer, String> tlvs) {
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        new TreeMap<>(tlvs).forEach((type, text) -> {
            byte[] value = text.getBytes(UTF_8);
            entries.write(type);
            entries.write(value.length >>> 8);
            entries.write(value.length);
            entries.writeBytes(value);
        });
        return entries.toByteArray();
    }
}
