package io.penstock.admin.config;

import io.penstock.admin.AdminTls;
import io.penstock.admin.ServerTls;
import io.penstock.admin.TokenFile;
import io.penstock.config.ConfigSection;
import io.penstock.config.ConfigValue;
import io.penstock.config.NamedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the keys of {@code admin} that name files, and looks into these if that is wanted. */
final class AdminFiles {
    private final Path configFile;
    private final boolean looksInto;

    AdminFiles(Path configFile, boolean looksInto) {
        this.configFile = configFile;
        this.looksInto = looksInto;
    }

    private interface Check {
        void run() throws IOException;
    }

    Optional<Path> token(ConfigValue value) {
        Optional<Path> file = file(value);
        file.ifPresent(path -> check(value, "token", () -> {
            String unused = TokenFile.read(path);
        }));
        return file;
    }

    Optional<AdminTls> tls(ConfigSection section) {
        Optional<ConfigValue> certificate = section.required("certificate");
        Optional<Path> certificateFile = certificate.flatMap(this::file);
        Optional<Path> key = section.required("key").flatMap(this::file);
        Optional<Path> clientCa = section.optional("client-ca").flatMap(this::file);
        if (!section.isSound()) {
            return Optional.empty();
        }
        AdminTls tls = new AdminTls(certificateFile.get(), key.get(), clientCa);
        check(certificate.get(), "certificate", () -> ServerTls.check(tls));
        return Optional.of(tls);
    }

    private Optional<Path> file(ConfigValue value) {
        return looksInto ? NamedFile.read(value, configFile) : NamedFile.path(value, configFile);
    }

    private void check(ConfigValue value, String what, Check check) {
        if (!looksInto) {
            return;
        }
        try {
            check.run();
        } catch (IOException e) {
            value.problem("must name a file with a " + what + " that can be used: " + e.getMessage());
        }
    }
}
