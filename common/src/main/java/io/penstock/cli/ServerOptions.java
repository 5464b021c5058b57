package io.penstock.cli;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.AdminCredentials;
import io.penstock.admin.AdminTls;
import io.penstock.admin.config.AdminKey;
import io.penstock.config.DurationText;
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

/**
 * Which process is asked, what it is shown, and for how long; of every command that asks, as a {@code @Mixin}. {@link
 * ProgramNames} has the words that differ by program.
 */
public final class ServerOptions {
    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--admin",
            paramLabel = "ADDRESS",
            converter = AddressConverter.class,
            description =
                    "The ${bundle:server}'s admin address, such as 127.0.0.1:9080 or unix:/run/penstock/admin.sock."
                            + " Default: that of -c, else the environment variable ${bundle:admin-variable}.")
    private AdminAddress address;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "The ${bundle:server}'s configuration file; only its key 'admin' is read: the UNIX socket if it has"
                            + " one, else the first address, with the token and the certificate.")
    private Path file;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The file with the token that orders over TCP need. Default: that of -c, else the environment"
                    + " variable ${bundle:token-variable}.")
    private Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "Who may have signed the ${bundle:server}'s certificate, in PEM form. Default: with -c the certificate"
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
            description = "The name in the ${bundle:server}'s certificate. Default: the address.")
    private String serverName;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = TimeoutConverter.class,
            defaultValue = "30s",
            description = "How long to wait for the answer. Default: 30s.")
    private Duration timeout;

    private AdminConfig found;

    public Duration timeout() {
        return timeout;
    }

    /** The configuration file that was named; for commands that read more of it. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    public AdminAddress address() {
        if (address != null) {
            return address;
        }
        return configured().map(ServerOptions::nearest).orElseGet(this::fromVariable);
    }

    /** Asks the server, and shows what it has to. */
    public AdminClient client(Duration answerTimeout) {
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
                        .or(() -> variable(names().tokenVariable()).map(Path::of)),
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
                    .orElseThrow(
                            () -> wrong(file + " has no key 'admin', so its " + names().server() + " cannot be asked"));
        }
        return Optional.of(found);
    }

    /** At a UNIX socket nobody else can pretend to be the server, and no token is needed. */
    private static AdminAddress nearest(AdminConfig config) {
        return config.listen().stream()
                .filter(AdminAddress.Unix.class::isInstance)
                .findFirst()
                .orElse(config.listen().get(0));
    }

    private AdminAddress fromVariable() {
        String variable = names().adminVariable();
        String address = variable(variable)
                .orElseThrow(() -> wrong("say which " + names().server()
                        + ": --admin ADDRESS, -c FILE or the environment variable " + variable));
        return AdminAddress.parse(address).orElseThrow(() -> wrong(variable + " must be " + AdminAddress.FORM));
    }

    private ProgramNames names() {
        return ProgramNames.of(command);
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
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

    /** A time to wait, which is not nothing. */
    public static final class TimeoutConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return DurationText.parse(text)
                    .filter(duration -> !duration.isZero())
                    .orElseThrow(() ->
                            new TypeConversionException("'" + text + "' is no duration such as 500ms, 30s or 5m"));
        }
    }
}
