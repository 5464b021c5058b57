package io.penstock.cli;

import java.util.List;
import java.util.stream.Collectors;

/** Writes man(7): macros at the beginning of lines, text in between that never looks like one. NOT thread safe. */
final class Roff {
    private final StringBuilder page = new StringBuilder();

    Roff title(String name, String section, String source, String manual) {
        // Without a date: the same sources make the same page.
        return raw(".TH \"" + escape(name) + "\" \"" + section + "\" \"\" \"" + escape(source) + "\" \""
                + escape(manual) + "\"");
    }

    Roff section(String name) {
        return raw(".SH \"" + escape(name) + "\"");
    }

    Roff paragraph(String text) {
        return raw(".PP").text(text);
    }

    /** @param tag already escaped */
    Roff tagged(String tag, String text) {
        return raw(".TP").raw(tag).text(text);
    }

    /** Lines as they are. */
    Roff verbatim(List<String> lines) {
        return raw(".nf")
                .raw(lines.stream().map(Roff::line).collect(Collectors.joining("\n")))
                .raw(".fi");
    }

    Roff text(String text) {
        return raw(text.lines().map(String::strip).map(Roff::line).collect(Collectors.joining("\n")));
    }

    /** What is roff already. */
    Roff raw(String line) {
        page.append(line).append('\n');
        return this;
    }

    String bold(String text) {
        return "\\fB" + escape(text) + "\\fR";
    }

    String italic(String text) {
        return "\\fI" + escape(text) + "\\fR";
    }

    /** A line that begins with a control character would be a macro. */
    private static String line(String text) {
        String escaped = escape(text);
        return escaped.startsWith(".") || escaped.startsWith("\\(aq") ? "\\&" + escaped : escaped;
    }

    /** Hyphens are minus signs, so that options can be copied; quotes are straight. */
    private static String escape(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("\"", "\\(dq")
                .replace("~", "\\(ti")
                .replace("^", "\\(ha")
                .replace("`", "\\(ga");
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
