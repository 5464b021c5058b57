package io.penstock.bgp.config;

import io.penstock.admin.SecretFile;
import io.penstock.bgp.config.PeerConfig.Password;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A file that is a password of TCP MD5 signatures (RFC 2385), with or without an end of line behind it. */
final class PasswordFile {
    /** TCP_MD5SIG_MAXKEYLEN of linux/tcp.h. */
    private static final int MAX_OCTETS = 80;

    private static final int ROOM_FOR_END_OF_LINE = 3;
    private static final Pattern PASSWORD = Pattern.compile("[ -~]{1," + MAX_OCTETS + "}");
    private static final Pattern END_OF_LINE = Pattern.compile("\\r?\\n\\z");

    private PasswordFile() {}

    /** @throws IOException when there is none, or others could read or change it; the message shows none of it */
    static Password read(Path file) throws IOException {
        String text = SecretFile.read(file, MAX_OCTETS + ROOM_FOR_END_OF_LINE);
        String password = END_OF_LINE.matcher(text).replaceFirst("");
        if (!PASSWORD.matcher(password).matches()) {
            throw new IOException(file + " must be one line of 1 to " + MAX_OCTETS + " characters of printable ASCII");
        }
        return new Password(password);
    }
}
