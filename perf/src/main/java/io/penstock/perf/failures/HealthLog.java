package io.penstock.perf.failures;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a balancer says of its backends, with the time at which it was seen in the log: up to two milliseconds late, for
 * both alike. Follows the file on a thread of its own until {@link #close}; may be asked from any thread.
 */
final class HealthLog implements AutoCloseable {
    private static final long POLL_MS = 2;

    private final LogLine.Parser parser;
    private final RandomAccessFile file;
    private final StringBuilder partial = new StringBuilder();
    private final List<Seen> seen = new ArrayList<>();
    private final Thread thread = new Thread(this::follow, "health-log");
    private volatile boolean closed;

    private record Seen(long atNs, LogLine line) {}

    /** The file exists. */
    HealthLog(Path log, LogLine.Parser parser) throws IOException {
        this.parser = parser;
        file = new RandomAccessFile(log.toFile(), "r");
        thread.setDaemon(true);
        thread.start();
    }

    /** When the backend was first said to be in or out, at {@code sinceNs} or later; empty when it was not yet. */
    OptionalLong first(String backend, boolean in, long sinceNs) {
        synchronized (seen) {
            return seen.stream()
                    .filter(one -> one.atNs() - sinceNs >= 0)
                    .filter(one -> one.line().equals(new LogLine(backend, in)))
                    .mapToLong(Seen::atNs)
                    .findFirst();
        }
    }

    /** By the last word about it; a backend begins in. */
    boolean isIn(String backend) {
        synchronized (seen) {
            return seen.stream()
                    .map(Seen::line)
                    .filter(line -> line.backend().equals(backend))
                    .reduce((earlier, later) -> later)
                    .map(LogLine::in)
                    .orElse(true);
        }
    }

    private void follow() {
        byte[] buffer = new byte[8 << 10];
        try (file) {
            while (!closed) {
                int count = file.read(buffer);
                if (count > 0) {
                    partial.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
                    takeLines(System.nanoTime());
                } else {
                    Thread.sleep(POLL_MS);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeLines(long nowNs) {
        for (int end = partial.indexOf("\n"); end >= 0; end = partial.indexOf("\n")) {
            String line = partial.substring(0, end);
            partial.delete(0, end + 1);
            parser.parse(line).ifPresent(parsed -> {
                synchronized (seen) {
                    seen.add(new Seen(nowNs, parsed));
                }
            });
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
