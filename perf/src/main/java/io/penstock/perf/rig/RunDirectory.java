package io.penstock.perf.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The temporary files of a run and the processes that it starts: all gone when it ends, also by a signal. */
public final class RunDirectory implements AutoCloseable {
    private final Path path;
    private boolean closed;

    private RunDirectory(Path path) {
        this.path = path;
    }

    /** An empty one. */
    public static RunDirectory create(String prefix) throws IOException {
        RunDirectory directory = new RunDirectory(Files.createTempDirectory(prefix));
        Runtime.getRuntime().addShutdownHook(new Thread(directory::close, "run-end"));
        return directory;
    }

    public Path path() {
        return path;
    }

    /** Whether the run has ended: what fails from now on fails because of that. */
    public synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        ChildProcesses.endAll();
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : innermostFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.println("could not remove " + path + ": " + e.getMessage());
        }
    }
}
