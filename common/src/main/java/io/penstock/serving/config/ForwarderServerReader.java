package io.penstock.serving.config;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;
import io.penstock.admin.AdminCredentials.Identity;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.NamedFile;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code forwarder}: an address, or a mapping that also says what is shown there. */
final class ForwarderServerReader {
    private static final String HTTP = "http://";
    private static final String EXPECTED = "the address of a forwarder's admin API, such as \"http://127.0.0.1:9080\","
            + " \"unix:/run/penstock/admin.sock\" or \"https://192.0.2.1:9443\"";

    private final Path configFile;

    ForwarderServerReader(Path configFile) {
        this.configFile = configFile;
    }

    /** Where it is asked, and what is shown there. */
    record Server(AdminAddress address, AdminCredentials credentials) {}

    Optional<Server> read(ConfigValue value) {
        if (value.isMapping()) {
            return value.section(this::longForm).flatMap(server -> server);
        }
        return address(value)
                .filter(address -> isOpen(value, address, AdminCredentials.NONE))
                .map(address -> new Server(address, AdminCredentials.NONE));
    }

    private Optional<Server> longForm(ConfigSection forwarder) {
        Optional<ConfigValue> url = forwarder.required("url");
        Optional<AdminAddress> address = url.flatMap(ForwarderServerReader::address);
        Optional<Path> certificate = file(forwarder, "certificate");
        Optional<Path> key = file(forwarder, "key");
        if (forwarder.has("certificate") != forwarder.has("key")) {
            forwarder.problem(
                    forwarder.has("key") ? "certificate" : "key", "is needed: certificate and key go together");
        }
        Optional<Path> tokenFile = file(forwarder, "token-file");
        Optional<Path> authorities = file(forwarder, "ca-file");
        Optional<String> serverName =
                forwarder.optional("server-name").flatMap(value -> value.text("the name in its certificate"));
        if (!forwarder.isSound()) {
            return Optional.empty();
        }
        AdminCredentials credentials = new AdminCredentials(
                tokenFile, certificate.map(file -> new Identity(file, key.orElseThrow())), authorities, serverName);
        return address.filter(read -> isOpen(url.orElseThrow(), read, credentials))
                .map(read -> new Server(read, credentials));
    }

    private Optional<Path> file(ConfigSection forwarder, String key) {
        return forwarder.optional(key).flatMap(value -> NamedFile.read(value, configFile));
    }

    private static Optional<AdminAddress> address(ConfigValue value) {
        return value.text(EXPECTED).flatMap(text -> {
            boolean clear = text.startsWith(HTTP);
            Optional<AdminAddress> address = AdminAddress.parse(clear ? text.substring(HTTP.length()) : text);
            if (address.isEmpty() || (clear && text.startsWith("unix:", HTTP.length()))) {
                value.problem("must be " + EXPECTED);
                return Optional.empty();
            }
            if (clear && address.get().isTls()) {
                value.problem("another host's is asked over TLS: https://" + text.substring(HTTP.length()));
                return Optional.empty();
            }
            return address;
        });
    }

    /** Over TLS a forwarder says nothing to those that it does not know. */
    private static boolean isOpen(ConfigValue value, AdminAddress address, AdminCredentials credentials) {
        boolean known =
                credentials.tokenFile().isPresent() || credentials.identity().isPresent();
        if (address.isLocal() || known) {
            return true;
        }
        value.problem("another host's answers only to those that it knows, so it needs token-file, or certificate and"
                + " key, beside url");
        return false;
    }
}
