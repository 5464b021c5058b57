package io.penstock.vrrp.keepalived;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads files of keepalived.conf(5) into statements: what they include, their parameters and their conditions. Not thread safe. */
final class StatementReader {
    /** Deeper, and they include each other. */
    private static final int MAX_DEPTH = 16;

    private static final Pattern REPEATED = Pattern.compile("\\s*~(?:SEQx?|LST)\\(");
    private static final Pattern CONDITION = Pattern.compile("(\\s*)@(\\^?)(\\S+)(\\s.*)");

    private final String configId;
    private final Remarks remarks;
    private final Parameters parameters;
    private final List<List<Word>> lines = new ArrayList<>();
    private boolean askedForId;

    /** @param configId which lines with a condition are meant for this host, as keepalived's --config-id; empty for none */
    StatementReader(String configId, Remarks remarks) {
        this.configId = configId;
        this.remarks = remarks;
        parameters = new Parameters(remarks);
    }

    /** @throws IOException when the file itself cannot be read; one that it includes is remarked on */
    List<Statement> read(Path file) throws IOException {
        readLines(file, 0);
        return statements();
    }

    private void readLines(Path file, int depth) throws IOException {
        // Comments may be in any character set.
        List<String> all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
        for (int at = 0; at < all.size(); at++) {
            Place place = new Place(file.toString(), at + 1, 1);
            Optional<String> line = conditional(all.get(at), place);
            if (line.isEmpty()) {
                continue;
            }
            int last = parameters.define(line.get(), all, at);
            if (last >= at) {
                at = last;
            } else if (REPEATED.matcher(line.get()).lookingAt()) {
                remarks.different(
                        place, "~SEQ and ~LST are not offered, this line was not read: write out what it makes");
            } else {
                parameters.replaced(line.get(), place).lines().forEach(each -> readLine(file, each, place, depth));
            }
        }
    }

    private void readLine(Path file, String line, Place place, int depth) {
        List<Word> read = new WordReader(file.toString(), remarks).read(line, place.line());
        if (read.isEmpty()) {
            return;
        }
        if (isInclude(read)) {
            include(file, read, depth);
        } else {
            lines.add(read);
        }
    }

    /** Spaces take the place of the condition, so that columns stay what they are. */
    private Optional<String> conditional(String line, Place place) {
        Matcher condition = CONDITION.matcher(line);
        if (!condition.matches()) {
            return Optional.of(line);
        }
        if (configId.isEmpty() && !askedForId) {
            askedForId = true;
            remarks.different(place, "lines that begin with @ are for one host or another: say which with --config-id");
        }
        boolean same = condition.group(3).equals(configId);
        boolean negated = !condition.group(2).isEmpty();
        return same == negated ? Optional.empty() : Optional.of(" ".repeat(condition.start(4)) + condition.group(4));
    }

    private static boolean isInclude(List<Word> line) {
        return line.get(0).text().matches("include[ramwb]?") && line.size() == 2;
    }

    private void include(Path from, List<Word> line, int depth) {
        Word pattern = line.get(1);
        if (depth == MAX_DEPTH) {
            remarks.different(pattern.place(), "included too deeply, not read: " + pattern.text());
            return;
        }
        Path named = from.resolveSibling(pattern.text());
        Path directory = named.getParent() == null ? Path.of(".") : named.getParent();
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory, named.getFileName().toString())) {
            files.forEach(found::add);
        } catch (IOException e) {
            remarks.different(pattern.place(), "not read: " + e);
        }
        if (found.isEmpty()) {
            remarks.different(pattern.place(), "no file there to include: " + pattern.text());
        }
        found.sort(null);
        for (Path file : found) {
            try {
                readLines(file, depth + 1);
            } catch (IOException e) {
                remarks.different(pattern.place(), "not read: " + e);
            }
        }
    }

    /** An opening brace belongs to the statement before it, on its line or on an earlier one. */
    private List<Statement> statements() {
        Deque<Open> open = new ArrayDeque<>();
        open.push(new Open(List.of()));
        for (List<Word> line : lines) {
            List<Word> pending = new ArrayList<>();
            for (Word word : line) {
                switch (word.text()) {
                    case "{" -> {
                        open.peek().opening(pending, word, remarks).ifPresent(open::push);
                        pending = new ArrayList<>();
                    }
                    case "}" -> {
                        open.peek().add(pending);
                        pending = new ArrayList<>();
                        close(open, word);
                    }
                    default -> pending.add(word);
                }
            }
            open.peek().add(pending);
        }
        while (open.size() > 1) {
            remarks.different(open.peek().head.get(0).place(), "its block does not end");
            Open inner = open.pop();
            open.peek().inner.add(inner.statement());
        }
        return open.pop().inner;
    }

    private void close(Deque<Open> open, Word brace) {
        if (open.size() == 1) {
            remarks.different(brace.place(), "a brace too many");
            return;
        }
        Open inner = open.pop();
        open.peek().inner.add(inner.statement());
    }

    /** A block that has not ended yet. */
    private static final class Open {
        private final List<Word> head;
        private final List<Statement> inner = new ArrayList<>();

        Open(List<Word> head) {
            this.head = head;
        }

        void add(List<Word> line) {
            if (!line.isEmpty()) {
                inner.add(new Statement(line.get(0), line.subList(1, line.size()), Optional.empty()));
            }
        }

        Optional<Open> opening(List<Word> line, Word brace, Remarks remarks) {
            if (!line.isEmpty()) {
                return Optional.of(new Open(line));
            }
            int last = inner.size() - 1;
            if (last < 0 || inner.get(last).block().isPresent()) {
                remarks.different(brace.place(), "a block of nothing");
                return Optional.of(new Open(List.of(brace)));
            }
            return Optional.of(new Open(inner.remove(last).words()));
        }

        Statement statement() {
            return new Statement(head.get(0), head.subList(1, head.size()), Optional.of(inner));
        }
    }
}
