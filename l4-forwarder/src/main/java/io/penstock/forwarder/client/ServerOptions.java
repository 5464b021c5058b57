package io.penstock.forwarder.client;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminCredentials;
import io.penstock.admin.AdminTls;
import io.penstock.config.DurationText;
import io.penstock.forwarder.config.AdminKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** Which forwarder is asked, what it is shown, and for how long; of every command here, as a {@code @Mixin}. */
final class ServerOptions {
    private static final String VARIABLE = "PENSTOCK_ADMIN";
    private static final String TOKEN_VARIABLE = "PENSTOCK_ADMIN_TOKEN_FILE";

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--admin",
            paramLabel = "ADDRESS",
            converter = AddressConverter.class,
            description = "The forwarder's admin address, such as 127.0.0.1:9080 or unix:/run/penstock/admin.sock."
                    + " Default: that of -c, else the environment variable " + VARIABLE + ".")
    private AdminAddress address;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The forwarder's configuration file; only its key 'admin' is read: the UNIX socket if it has"
                    + " one, else the first address, with the token and the certificate.")
    private Path file;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The file with the token that orders over TCP need. Default: that of -c, else the environment"
                    + " variable " + TOKEN_VARIABLE + ".")
    private Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "Who may have signed the forwarder's certificate, in PEM form. Default: with -c the certificate"
                            + " itself, else the authorities that Java knows.")
    private Path authorities;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "The certificate that shows who asks, in PEM form; needs --key.")
    private Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "The key of --cert, PKCS #8 in PEM form.")
    private Path key;

    @Option(
            names = "--server-name",
            paramLabel = "NAME",
            description = "The name in the forwarder's certificate. Default: the address.")
    private String serverName;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = TimeoutConverter.class,
            defaultValue = "30s",
            description = "How long to wait for the answer. Default: 30s.")
    private Duration timeout;

    private AdminConfig found;

    Duration timeout() {
        return timeout;
    }

    AdminAddress address() {
        if (address != null) {
            return address;
        }
        return configured().map(ServerOptions::nearest).orElseGet(this::fromVariable);
    }

    /** Asks the forwarder, and shows what it has to. */
    AdminClient client(Duration answerTimeout) {
        return new AdminClient(address(), credentials(), answerTimeout);
    }

    private AdminCredentials credentials() {
        if ((certificate == null) != (key == null)) {
            throw wrong("--cert and --key go together");
        }
        Optional<AdminConfig> config = configured();
        return new AdminCredentials(
                Optional.ofNullable(tokenFile)
                        .or(() -> config.flatMap(AdminConfig::tokenFile))
                        .or(ServerOptions::tokenFileFromVariable),
                Optional.ofNullable(certificate).map(file -> new AdminCredentials.Identity(file, key)),
                Optional.ofNullable(authorities)
                        .or(() -> config.flatMap(AdminConfig::tls).map(AdminTls::certificate)),
                Optional.ofNullable(serverName));
    }

    /** What the file says, unless it is not asked. */
    private Optional<AdminConfig> configured() {
        if (file == null || address != null) {
            return Optional.empty();
        }
        if (found == null) {
            found = AdminKey.find(file)
                    .orElseThrow(() -> wrong(file + " has no key 'admin', so its forwarder cannot be asked"));
        }
        return Optional.of(found);
    }

    /** At a UNIX socket nobody else can pretend to be the forwarder, and no token is needed. */
    private static AdminAddress nearest(AdminConfig config) {
        return config.listen().stream()
                .filter(AdminAddress.Unix.class::isInstance)
                .findFirst()
                .orElse(config.listen().get(0));
    }

    private AdminAddress fromVariable() {
        String variable = System.getenv(VARIABLE);
        if (variable == null || variable.isEmpty()) {
            throw wrong("say which forwarder: --admin ADDRESS, -c FILE or the environment variable " + VARIABLE);
        }
        return AdminAddress.parse(variable).orElseThrow(() -> wrong(VARIABLE + " must be " + AdminAddress.FORM));
    }

    private static Optional<Path> tokenFileFromVariable() {
        String variable = System.getenv(TOKEN_VARIABLE);
        return variable == null || variable.isEmpty() ? Optional.empty() : Optional.of(Path.of(variable));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    static final class AddressConverter implements ITypeConverter<AdminAddress> {
        @Override
        public AdminAddress convert(String text) {
            return AdminAddress.parse(text)
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is not " + AdminAddress.FORM));
        }
    }

    static final class TimeoutConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return DurationText.parse(text)
                    .filter(duration -> !duration.isZero())
                    .orElseThrow(() ->
                            new TypeConversionException("'" + text + "' is no duration such as 500ms, 30s or 5m"));
        }
    }
}
