package io.penstock.perf.lab;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.DirectBuffer;

/** Puts the bytes of one connection together to answers. HTTP/1.1 (RFC 9112) with a Content-Length, one answer at a time. */
final class AnswerReader {
    /** Those of the lab have 200 octets. */
    private static final int OCTETS_MAX = 4096;

    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final Pattern LENGTH =
            Pattern.compile("\r\ncontent-length: *(\\d{1,4})\r\n", Pattern.CASE_INSENSITIVE);

    private final StringBuilder text = new StringBuilder();

    /** Bytes that no backend of the lab would send. */
    static final class StrangeAnswerException extends Exception {
        private static final long serialVersionUID = 1;

        StrangeAnswerException(String message) {
            super(message);
        }
    }

    /** Takes what has come; an answer once it is whole. */
    Optional<Answer> take(DirectBuffer buffer, int length) throws StrangeAnswerException {
        byte[] octets = new byte[length];
        buffer.getBytes(0, octets);
        text.append(new String(octets, StandardCharsets.ISO_8859_1));
        if (text.length() > OCTETS_MAX) {
            throw new StrangeAnswerException("an answer of more than " + OCTETS_MAX + " octets");
        }
        int head = text.indexOf(END_OF_HEAD);
        return head < 0 ? Optional.empty() : body(head);
    }

    private Optional<Answer> body(int head) throws StrangeAnswerException {
        if (text.indexOf("HTTP/1.1 200 ") != 0) {
            throw new StrangeAnswerException(text.substring(0, text.indexOf("\r\n")));
        }
        Matcher length = LENGTH.matcher(text.substring(0, head + 2));
        if (!length.find()) {
            throw new StrangeAnswerException("an answer without a Content-Length");
        }
        int from = head + END_OF_HEAD.length();
        int to = from + Integer.parseInt(length.group(1));
        if (text.length() < to) {
            return Optional.empty();
        }
        if (text.length() > to) {
            throw new StrangeAnswerException("bytes that nobody asked for");
        }
        String body = text.substring(from);
        forget();
        return Optional.of(Answer.parse(body)
                .orElseThrow(() -> new StrangeAnswerException("an answer that names nobody: " + body)));
    }

    /** Begins anew, for another connection. */
    void forget() {
        text.setLength(0);
    }
}
