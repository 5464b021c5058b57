package io.penstock.perf.rig;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process one speaks with in lines. Its standard error goes to a file. NOT thread safe. */
public final class LineProcess implements AutoCloseable {
    private static final long END_TIMEOUT_S = 5;

    private final Process process;
    private final BufferedReader output;
    private final Path log;

    private LineProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    public static LineProcess start(List<String> command, Path log) throws IOException {
        return new LineProcess(
                new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
    }

    public long pid() {
        return process.pid();
    }

    public void send(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** The next line it prints; fails when it ends or takes longer. */
    public String next(int timeoutSeconds) throws IOException, InterruptedException {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(this::read);
        try {
            String read = line.get(timeoutSeconds, TimeUnit.SECONDS);
            if (read == null) {
                throw new IOException("ended: " + Files.readString(log).trim());
            }
            return read;
        } catch (TimeoutException e) {
            throw new IOException(
                    "silent for " + timeoutSeconds + " s: "
                            + Files.readString(log).trim(),
                    e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private String read() {
        try {
            return output.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes its standard input, and ends it when that does not. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (process.waitFor(END_TIMEOUT_S, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException alreadyEnded) {
            // Then there is nothing to end politely.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
