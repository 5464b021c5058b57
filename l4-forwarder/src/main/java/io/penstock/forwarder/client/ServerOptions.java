package io.penstock.forwarder.client;

import io.penstock.admin.AdminAddress;
import io.penstock.config.DurationText;
import io.penstock.forwarder.config.AdminKey;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** Which forwarder is asked, and for how long; of every command here, as a {@code @Mixin}. */
final class ServerOptions {
    private static final String VARIABLE = "PENSTOCK_ADMIN";

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
            description = "The forwarder's configuration file; only its key 'admin' is read.")
    private Path file;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = TimeoutConverter.class,
            defaultValue = "30s",
            description = "How long to wait for the answer. Default: 30s.")
    private Duration timeout;

    Duration timeout() {
        return timeout;
    }

    AdminAddress address() {
        if (address != null) {
            return address;
        }
        if (file != null) {
            return AdminKey.find(file)
                    .orElseThrow(() -> wrong(file + " has no key 'admin', so its forwarder cannot be asked"));
        }
        String variable = System.getenv(VARIABLE);
        if (variable == null || variable.isEmpty()) {
            throw wrong("say which forwarder: --admin ADDRESS, -c FILE or the environment variable " + VARIABLE);
        }
        return AdminAddress.parse(variable).orElseThrow(() -> wrong(VARIABLE + " must be " + AdminAddress.FORM));
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
