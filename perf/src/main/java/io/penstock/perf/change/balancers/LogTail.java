package io.penstock.perf.change.balancers;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is added to a log, line by line. NOT thread safe. */
final class LogTail implements AutoCloseable {
    private static final long POLL_MS = 2;

    private final RandomAccessFile file;
    private final byte[] buffer = new byte[8 << 10];
    private final StringBuilder partial = new StringBuilder();
    private final List<String> lines = new ArrayList<>();

    /** The file exists. */
    LogTail(Path log) throws IOException {
        file = new RandomAccessFile(log.toFile(), "r");
    }

    /** The next line that has one of the words in it; empty when none comes in time. Lines before it are passed over. */
    Optional<String> await(long timeoutNs, List<String> words) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutNs;
        while (true) {
            read();
            while (!lines.isEmpty()) {
                String line = lines.remove(0);
                if (words.stream().anyMatch(line::contains)) {
                    return Optional.of(line);
                }
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                return Optional.empty();
            }
            Thread.sleep(POLL_MS);
        }
    }

    private void read() throws IOException {
        for (int count = file.read(buffer); count > 0; count = file.read(buffer)) {
            partial.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
        for (int end = partial.indexOf("\n"); end >= 0; end = partial.indexOf("\n")) {
            lines.add(partial.substring(0, end));
            partial.delete(0, end + 1);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
