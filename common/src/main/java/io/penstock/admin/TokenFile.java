package io.penstock.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.regex.Pattern;

/**
 * The file whose first line is the bearer token (RFC 6750) of an admin server. Read whenever a token is shown, so that
 * another one counts from the next request on; what is wrong with it lets nobody in. No message shows any of it.
 */
public final class TokenFile {
    private static final int MAX_OCTETS = 4_096;
    private static final Pattern TOKEN = Pattern.compile("[!-~]{16,512}");

    private final Path path;

    TokenFile(Path path) {
        this.path = path;
    }

    /**
     * The token.
     *
     * @throws IOException when there is none, or others than the owner and the group could read or change it; the message
     *     says what is wrong
     */
    public static String read(Path path) throws IOException {
        String token = SecretFile.read(path, MAX_OCTETS).lines().findFirst().orElse("");
        if (!TOKEN.matcher(token).matches()) {
            throw new IOException(
                    "the first line of " + path + " must be 16 to 512 characters of visible ASCII without spaces");
        }
        return token;
    }

    /** In a time that does not tell how much of it is right. */
    boolean matches(String shown) throws IOException {
        return MessageDigest.isEqual(
                read(path).getBytes(StandardCharsets.ISO_8859_1), shown.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
