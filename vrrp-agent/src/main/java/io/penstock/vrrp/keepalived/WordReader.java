package io.penstock.vrrp.keepalived;

import java.util.ArrayList;
import java.util.List;

/** Splits a line into words: quotes join, backslashes escape, and # and ! begin comments. Braces are words of their own. */
final class WordReader {
    private final String file;
    private final Remarks remarks;

    WordReader(String file, Remarks remarks) {
        this.file = file;
        this.remarks = remarks;
    }

    List<Word> read(String line, int number) {
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            char character = line.charAt(at);
            if (character == '#' || character == '!') {
                break;
            }
            if (Character.isWhitespace(character)) {
                at++;
            } else if (character == '{' || character == '}') {
                words.add(new Word(String.valueOf(character), new Place(file, number, at + 1)));
                at++;
            } else {
                at = word(line, number, at, words);
            }
        }
        return words;
    }

    private int word(String line, int number, int from, List<Word> words) {
        StringBuilder text = new StringBuilder();
        Place place = new Place(file, number, from + 1);
        char quote = 0;
        int at = from;
        while (at < line.length() && (quote != 0 || !isEnd(line.charAt(at)))) {
            char character = line.charAt(at);
            if (character == '\\' && quote != '\'' && at + 1 < line.length()) {
                text.append(line.charAt(at + 1));
                at++;
            } else if (quote == 0 && (character == '"' || character == '\'')) {
                quote = character;
            } else if (character == quote) {
                quote = 0;
            } else {
                text.append(character);
            }
            at++;
        }
        if (quote != 0) {
            remarks.different(place, "the quoted string does not end on its line: taken up to there");
        }
        words.add(new Word(text.toString(), place));
        return at;
    }

    private static boolean isEnd(char character) {
        return Character.isWhitespace(character)
                || character == '#'
                || character == '!'
                || character == '{'
                || character == '}';
    }
}
