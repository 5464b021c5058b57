package io.penstock.bgp.guard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What comes out of the pipe, as {@link Word}s: a charge is the lines of {@link ChargeText} between {@value #BEGIN} and {@value #END}; each
 * other word is a line. Ends with {@link Word.Gone} or {@link Word.Unreadable}. A line that is cut off was never said.
 */
final class WordReader {
    /** With the version of what follows: a guard that was started from newer files than the agent's says so. */
    static final String BEGIN = "charge 1";

    static final String END = "end";
    static final String SIGN = "sign";
    static final String RELEASE = "release";

    /** Four paths at most are in a line, each of 4,096 octets at most, which encoding makes three times as long. */
    private static final int MAX_LINE_OCTETS = 64 * 1024;

    private static final int MAX_CHARGE_LINES = 16;

    private final InputStream in;
    private final byte[] line = new byte[MAX_LINE_OCTETS];

    WordReader(InputStream in) {
        this.in = in;
    }

    /** Returns when nothing more can come. */
    void run(Consumer<Word> to) {
        try {
            Word word;
            do {
                String next = line();
                word = next == null ? new Word.Gone() : word(next);
                to.accept(word);
            } while (!(word instanceof Word.Gone));
        } catch (IOException e) {
            // Whatever broke, nobody is heard any more.
            to.accept(new Word.Gone());
        } catch (MalformedLineException e) {
            to.accept(new Word.Unreadable(e.getMessage()));
        }
    }

    private Word word(String first) throws IOException, MalformedLineException {
        return switch (first) {
            case BEGIN -> charge();
            case SIGN -> new Word.Sign();
            case RELEASE -> new Word.Released();
            default -> throw new MalformedLineException("unknown word: " + first);
        };
    }

    private Word charge() throws IOException, MalformedLineException {
        List<String> lines = new ArrayList<>();
        while (lines.size() < MAX_CHARGE_LINES) {
            String next = line();
            if (next == null) {
                return new Word.Gone();
            }
            if (next.equals(END)) {
                return new Word.Charged(ChargeText.parse(lines));
            }
            lines.add(next);
        }
        throw new MalformedLineException("a charge of more than " + MAX_CHARGE_LINES + " lines");
    }

    /** Without its end; null when no whole one is left. */
    private String line() throws IOException, MalformedLineException {
        int length = 0;
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                return null;
            }
            if (length == line.length) {
                throw new MalformedLineException("a line of more than " + MAX_LINE_OCTETS + " octets");
            }
            line[length++] = (byte) octet;
        }
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }
}
