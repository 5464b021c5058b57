package io.penstock.forwarder.flowlog;

/** Texts with whatever would end their value, or the line, escaped. Lone surrogates become {@code U+FFFD}. */
final class Escapes {
    private static final char REPLACEMENT = '\ufffd';

    private Escapes() {}

    /** In quotes, as RFC 8259 section 7 has it. */
    static String json(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            append(escaped, text, i);
        }
        return escaped.append('"').toString();
    }

    /** As it is where that cannot be mistaken, else in quotes with the escapes of JSON. */
    static String logfmt(String text) {
        boolean plain = !text.isEmpty();
        for (int i = 0; plain && i < text.length(); i++) {
            char next = text.charAt(i);
            plain = next > ' ' && next < 0x7f && next != '"' && next != '=' && next != '\\';
        }
        return plain ? text : json(text);
    }

    private static void append(StringBuilder escaped, String text, int at) {
        char next = text.charAt(at);
        if (next == '"' || next == '\\') {
            escaped.append('\\').append(next);
        } else if (next < ' ' || (next >= 0x7f && next < 0xa0) || next == '\u2028' || next == '\u2029') {
            // Also what some readers and terminals take for the end of a line, or for a command.
            escaped.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                escaped.append(Character.forDigit((next >> shift) & 0xf, 16));
            }
        } else {
            escaped.append(isLoneSurrogate(text, at) ? REPLACEMENT : next);
        }
    }

    private static boolean isLoneSurrogate(String text, int at) {
        char next = text.charAt(at);
        if (Character.isHighSurrogate(next)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(next) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
