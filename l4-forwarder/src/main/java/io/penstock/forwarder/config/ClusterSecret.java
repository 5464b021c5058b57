package io.penstock.forwarder.config;

import io.penstock.config.ConfigValue;
import io.penstock.config.NamedFile;
import io.penstock.net.FlowHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * The key of the flow hash: the first 16 bytes of SHA-256 over the content of the secret file, so that any text or bytes
 * of enough length will do. The secret itself is never shown in a problem.
 */
final class ClusterSecret {
    /** As many as the key has; a shorter secret could be guessed more easily than the key. */
    static final int MIN_BYTES = 16;

    static final int MAX_BYTES = 65_536;

    private ClusterSecret() {}

    static Optional<FlowHash> read(ConfigValue path, Path configFile) {
        return NamedFile.read(path, configFile)
                .flatMap(file -> content(path, file))
                .flatMap(content -> {
                    if (content.length < MIN_BYTES || content.length > MAX_BYTES) {
                        path.problem(
                                "the secret must have " + MIN_BYTES + " to " + MAX_BYTES + " bytes", length(content));
                        return Optional.empty();
                    }
                    return Optional.of(keyed(content));
                });
    }

    /** For a forwarder that has no others to agree with. */
    static FlowHash random() {
        SecureRandom random = new SecureRandom();
        return new FlowHash(random.nextLong(), random.nextLong());
    }

    private static Optional<byte[]> content(ConfigValue path, Path file) {
        try {
            return Optional.of(withoutLineEnd(firstBytes(file)));
        } catch (IOException failed) {
            path.problem("must name a readable file: " + failed.getMessage());
            return Optional.empty();
        }
    }

    private static byte[] firstBytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 2);
        }
    }

    /** An editor or echo adds one; the forwarder beside this one must not differ by it. */
    private static byte[] withoutLineEnd(byte[] content) {
        int length = content.length;
        while (length > 0 && (content[length - 1] == '\n' || content[length - 1] == '\r')) {
            length--;
        }
        return Arrays.copyOf(content, length);
    }

    private static FlowHash keyed(byte[] content) {
        ByteBuffer digest = ByteBuffer.wrap(sha256(content)).order(ByteOrder.LITTLE_ENDIAN);
        return new FlowHash(digest.getLong(), digest.getLong());
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }

    private static String length(byte[] content) {
        return content.length > MAX_BYTES ? "more" : content.length + " bytes";
    }
}
