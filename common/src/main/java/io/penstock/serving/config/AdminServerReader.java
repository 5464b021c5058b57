package io.penstock.serving.config;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminCredentials;
import io.penstock.admin.AdminCredentials.Identity;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.NamedFile;
import java.nio.file.Path;
import java.util.Optional;

/** Reads where another process's admin API is: an address, or a mapping that also says what is shown there. */
public final class AdminServerReader {
    private static final String HTTP = "http://";

    private final Path configFile;
    private final String expected;

    private AdminServerReader(Path configFile, String expected) {
        this.configFile = configFile;
        this.expected = expected;
    }

    static AdminServerReader forwarder(Path configFile) {
        return new AdminServerReader(
                configFile,
                "the address of a forwarder's admin API, such as \"http://127.0.0.1:9080\","
                        + " \"unix:/run/penstock/admin.sock\" or \"https://192.0.2.1:9443\"");
    }

    public static AdminServerReader ecmpAgent(Path configFile) {
        return new AdminServerReader(
                configFile,
                "the address of an ecmp-agent's admin API, such as \"unix:/run/penstock/ecmp.sock\","
                        + " \"http://127.0.0.1:9081\" or \"https://192.0.2.1:9444\"");
    }

    /** Where it is asked, and what is shown there. */
    public record Server(AdminAddress address, AdminCredentials credentials) {}

    /** Reports what is wrong and is then empty. */
    public Optional<Server> read(ConfigValue value) {
        if (value.isMapping()) {
            return value.section(this::longForm).flatMap(server -> server);
        }
        return address(value)
                .filter(address -> isOpen(value, address, AdminCredentials.NONE))
                .map(address -> new Server(address, AdminCredentials.NONE));
    }

    private Optional<Server> longForm(ConfigSection server) {
        Optional<ConfigValue> url = server.required("url");
        Optional<AdminAddress> address = url.flatMap(this::address);
        Optional<Path> certificate = file(server, "certificate");
        Optional<Path> key = file(server, "key");
        if (server.has("certificate") != server.has("key")) {
            server.problem(server.has("key") ? "certificate" : "key", "is needed: certificate and key go together");
        }
        Optional<Path> tokenFile = file(server, "token-file");
        Optional<Path> authorities = file(server, "ca-file");
        Optional<String> serverName =
                server.optional("server-name").flatMap(value -> value.text("the name in its certificate"));
        if (!server.isSound()) {
            return Optional.empty();
        }
        AdminCredentials credentials = new AdminCredentials(
                tokenFile, certificate.map(file -> new Identity(file, key.orElseThrow())), authorities, serverName);
        return address.filter(read -> isOpen(url.orElseThrow(), read, credentials))
                .map(read -> new Server(read, credentials));
    }

    private Optional<Path> file(ConfigSection server, String key) {
        return server.optional(key).flatMap(value -> NamedFile.read(value, configFile));
    }

    private Optional<AdminAddress> address(ConfigValue value) {
        return value.text(expected).flatMap(text -> {
            boolean clear = text.startsWith(HTTP);
            Optional<AdminAddress> address = AdminAddress.parse(clear ? text.substring(HTTP.length()) : text);
            if (address.isEmpty() || (clear && text.startsWith("unix:", HTTP.length()))) {
                value.problem("must be " + expected);
                return Optional.empty();
            }
            if (clear && address.get().isTls()) {
                value.problem("another host's is asked over TLS: https://" + text.substring(HTTP.length()));
                return Optional.empty();
            }
            return address;
        });
    }

    /** Over TLS it says nothing to those that it does not know. */
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
