package io.penstock.perf.demo;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * What a client of the demo and an embedded backend say to each other. One connection is one flow:
 *
 * <pre>
 *   client:  flow ID BYTES CRC32C \n  payload  half-close
 *   backend:                          NAME \n  payload, echoed  end CRC32C \n  close
 * </pre>
 *
 * <p>The flow's id comes first so that a backend knows whom it held when it was killed; the name comes first so that a
 * client knows where it landed. Both sides compare what they received with what was sent.
 */
final class FlowProtocol {
    static final int MAX_PAYLOAD_BYTES = 1 << 20;

    private static final String HELLO = "flow ";
    private static final String TRAILER = "end ";
    private static final int MAX_LINE_BYTES = 256;

    /** Payloads are windows of this block; neighbouring flows get different ones, so swapped bytes are noticed. */
    private static final byte[] BLOCK = new byte[2 * MAX_PAYLOAD_BYTES];

    private static final int WINDOW_STEP_BYTES = 7_919;

    static {
        new Random(42).nextBytes(BLOCK);
    }

    private FlowProtocol() {}

    /** The first line of a client, parsed. */
    record Hello(int id, int bytes, long crc) {
        String line() {
            return HELLO + id + " " + bytes + " " + Long.toHexString(crc) + "\n";
        }

        /** Empty when the line is none of ours. */
        static Optional<Hello> parse(String line) {
            String[] words = line.split(" ", -1);
            if (words.length != 4 || !line.startsWith(HELLO)) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Hello(
                        Integer.parseInt(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3], 16)));
            } catch (NumberFormatException notOurs) {
                return Optional.empty();
            }
        }
    }

    static String trailerLine(long crc) {
        return TRAILER + Long.toHexString(crc) + "\n";
    }

    static byte[] payloadBlock() {
        return BLOCK;
    }

    static int payloadOffset(int id) {
        return (int) ((long) id * WINDOW_STEP_BYTES % MAX_PAYLOAD_BYTES);
    }

    /** Mostly small as requests are, some of them bulky: 1 byte to {@link #MAX_PAYLOAD_BYTES}, the same for each id. */
    static int payloadBytes(int id) {
        Random random = new Random(id * 0x9E37_79B9L);
        int dice = random.nextInt(100);
        int max = dice < 60 ? 4 << 10 : dice < 90 ? 32 << 10 : dice < 99 ? 256 << 10 : MAX_PAYLOAD_BYTES;
        return 1 + random.nextInt(max);
    }

    static long crcOf(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return crc.getValue();
    }

    /**
     * Reads up to a line feed, which is dropped; a carriage return before it too.
     *
     * @return null at the end of the stream when nothing came before it
     * @throws EOFException when the stream ends within a line
     * @throws IOException when the line is longer than any of ours
     */
    static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.isEmpty()) {
                    return null;
                }
                throw new EOFException("end of stream after \"" + line + '"');
            }
            if (line.length() == MAX_LINE_BYTES) {
                throw new IOException("a line of more than " + MAX_LINE_BYTES + " bytes");
            }
            line.append((char) next);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
