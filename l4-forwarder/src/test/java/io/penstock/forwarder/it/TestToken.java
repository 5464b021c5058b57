package io.penstock.forwarder.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The token file of an admin server in a test. */
final class TestToken {
    private TestToken() {}

    /** The one of this directory, made by the first who asks. */
    static Path in(Path directory) throws IOException {
        Path file = directory.resolve("admin.token");
        return Files.exists(file) ? file : write(file, "the-token-of-this-test");
    }

    static Path write(Path file, String token) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, token + "\n");
    }
}
