package io.penstock.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** The bytes of a file as text that the YAML parser accepts: bounded, UTF-8, printable. */
final class YamlText {
    static final int MAX_FILE_BYTES = 16 << 20;

    private static final char BYTE_ORDER_MARK = '\ufeff';

    private YamlText() {}

    static String read(Path file) throws RejectedYamlException {
        if (Files.isDirectory(file)) {
            throw new RejectedYamlException(Position.START, "must be a file", "a directory");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new RejectedYamlException(
                        Position.START, "must be at most " + MAX_FILE_BYTES + " bytes", "more than that");
            }
            return decode(bytes);
        } catch (NoSuchFileException missing) {
            throw new RejectedYamlException(Position.START, "must exist", "no such file");
        } catch (AccessDeniedException denied) {
            throw new RejectedYamlException(Position.START, "must be readable", "permission denied");
        } catch (IOException failed) {
            throw new RejectedYamlException(Position.START, "must be readable", String.valueOf(failed.getMessage()));
        }
    }

    static String decode(byte[] bytes) throws RejectedYamlException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            String octet = String.format("byte 0x%02x", in.get(in.position()));
            throw new RejectedYamlException(endOf(text), "must be UTF-8 text", octet);
        }
        String withoutMark = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        requirePrintable(withoutMark);
        return withoutMark;
    }

    /** The parser would refuse these too, but without saying where. */
    private static void requirePrintable(String text) throws RejectedYamlException {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int character = text.codePointAt(i);
            if (!StreamReader.isPrintable(character)) {
                throw new RejectedYamlException(
                        endOf(text.substring(0, i)),
                        "must not hold control characters",
                        String.format("U+%04X", character));
            }
        }
    }

    private static Position endOf(String text) {
        int line = 1 + (int) text.chars().filter(character -> character == '\n').count();
        int lineStart = text.lastIndexOf('\n') + 1;
        return new Position(line, 1 + text.codePointCount(lineStart, text.length()));
    }
}
