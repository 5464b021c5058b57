package io.penstock.health;

import io.penstock.health.AgentReport.Admin;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the line of an agent as HAProxy does ({@code agent-check} in its configuration manual,
 * {@code tcpcheck_agent_expect_reply} in its source): words between spaces, tabs and commas, in any order and case; of
 * several of one kind the last counts, even when its number cannot be read; unknown words are passed over; a word that
 * begins with {@code #} begins the reason, which is the rest of the line. {@code failed} is read as {@code fail}, as the
 * manuals of HAProxy 1.5 to 1.9 spell it.
 */
final class AgentReplyParser {
    private static final String MAX_CONNECTIONS = "maxconn:";
    private static final long TOO_LARGE = 1_000_000_000L;

    private OptionalInt weightPercent = OptionalInt.empty();
    private Optional<Admin> admin = Optional.empty();
    private Optional<Boolean> verdict = Optional.empty();
    private OptionalInt maxConnections = OptionalInt.empty();

    private AgentReplyParser() {}

    /**
     * Never fails: what cannot be read changes nothing.
     *
     * @param line without its end
     */
    static AgentReport parse(String line) {
        return new AgentReplyParser().read(line);
    }

    private AgentReport read(String line) {
        String reason = "";
        int position = 0;
        while (position < line.length()) {
            if (isSeparator(line.charAt(position))) {
                position++;
            } else if (line.charAt(position) == '#') {
                reason = Evidence.line(line.substring(position + 1));
                position = line.length();
            } else {
                int end = endOfWord(line, position);
                onWord(line.substring(position, end).toLowerCase(Locale.ROOT));
                position = end;
            }
        }
        return new AgentReport(weightPercent, admin, verdict, maxConnections, takesAway() ? reason : "");
    }

    private boolean takesAway() {
        return !verdict.orElse(true) || admin.orElse(Admin.READY) != Admin.READY;
    }

    private void onWord(String word) {
        switch (word) {
            case "up" -> verdict = Optional.of(true);
            case "down", "fail", "failed", "stopped" -> verdict = Optional.of(false);
            case "ready" -> admin = Optional.of(Admin.READY);
            case "drain" -> admin = Optional.of(Admin.DRAIN);
            case "maint" -> admin = Optional.of(Admin.MAINTENANCE);
            default -> onNumber(word);
        }
    }

    private void onNumber(String word) {
        if (isDigit(word.charAt(0)) && word.indexOf('%') >= 0) {
            OptionalInt percent = word.indexOf('%') == word.length() - 1
                    ? number(word.substring(0, word.length() - 1))
                    : OptionalInt.empty();
            weightPercent = percent.isEmpty()
                    ? percent
                    : OptionalInt.of(Math.min(percent.getAsInt(), AgentReport.MAX_WEIGHT_PERCENT));
        } else if (word.startsWith(MAX_CONNECTIONS)) {
            maxConnections = number(word.substring(MAX_CONNECTIONS.length()));
        }
    }

    /** Empty for anything but digits; a billion for what is larger. */
    private static OptionalInt number(String digits) {
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            if (!isDigit(digits.charAt(i))) {
                return OptionalInt.empty();
            }
            number = Math.min(TOO_LARGE, number * 10 + (digits.charAt(i) - '0'));
        }
        return digits.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) number);
    }

    private static int endOfWord(String line, int start) {
        int end = start + 1;
        while (end < line.length() && !isSeparator(line.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '\t' || c == ',';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
