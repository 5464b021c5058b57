package io.penstock.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Files that hold a secret. No message shows any of it. */
public final class SecretFile {
    private SecretFile() {}

    /**
     * What is in it, each octet as a character of ISO 8859-1.
     *
     * @param maxOctets more is not read
     * @throws IOException when there is none, or others than the owner and the group could read or change it; the message
     *     says what is wrong
     */
    public static String read(Path path, int maxOctets) throws IOException {
        String text;
        Set<PosixFilePermission> permissions;
        try (InputStream in = Files.newInputStream(path)) {
            permissions = Files.getPosixFilePermissions(path);
            text = new String(in.readNBytes(maxOctets), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw Unreadable.because(path, e);
        }
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(path + " must not be readable or writable for others (chmod o= " + path + ")");
        }
        return text;
    }
}
