package io.penstock.perf.failures;

import io.penstock.perf.rig.LineProcess;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A {@link BackendMain} in a process that can be killed, stopped and started again on its port. NOT thread safe. */
final class BackendProcess implements AutoCloseable {
    private static final int ANSWER_TIMEOUT_S = 20;
    private static final int SIGNAL_TIMEOUT_S = 5;

    private final Site.Server server;
    private final Path log;
    private LineProcess process;
    private LineProcess successor;

    private BackendProcess(Site.Server server, Path log) {
        this.server = server;
        this.log = log;
    }

    /** Runs and listens. */
    static BackendProcess start(Site.Server server, Path directory) throws IOException, InterruptedException {
        BackendProcess backend = new BackendProcess(server, directory.resolve(server.name() + ".log"));
        backend.process = backend.startClosed();
        backend.tell("open");
        return backend;
    }

    Site.Server server() {
        return server;
    }

    /** A process that will take the place of the one that is killed next, and does not listen before {@code open}. */
    void startSuccessor() throws IOException, InterruptedException {
        successor = startClosed();
    }

    private LineProcess startClosed() throws IOException, InterruptedException {
        LineProcess started = LineProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-Xss256k",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BackendMain.class.getName(),
                        server.name(),
                        Integer.toString(server.port())),
                log);
        expect(BackendMain.READY, started);
        return started;
    }

    /** One of the commands of BackendMain; returns once it is done. */
    void tell(String command) throws IOException, InterruptedException {
        process.send(command);
        expect(BackendMain.DONE, process);
    }

    /** SIGKILL; returns once the process is gone. From then on the successor is meant. */
    void kill() throws IOException, InterruptedException {
        CompletableFuture<ProcessHandle> gone = ProcessHandle.of(process.pid())
                .map(handle -> {
                    handle.destroyForcibly();
                    return handle.onExit();
                })
                .orElseThrow(() -> new IOException(server.name() + " was gone before it was killed"));
        try {
            gone.get(SIGNAL_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(server.name() + " could not be killed", e);
        }
        process.close();
        process = successor;
        successor = null;
    }

    /** SIGSTOP or SIGCONT, by their names in kill(1). */
    void signal(String name) throws IOException, InterruptedException {
        ToolRun.outputOf(List.of("sh", "-c", "kill -" + name + " " + process.pid()), SIGNAL_TIMEOUT_S);
    }

    private void expect(String wanted, LineProcess speaker) throws IOException, InterruptedException {
        String line = speaker.next(ANSWER_TIMEOUT_S);
        if (!line.equals(wanted)) {
            throw new IOException(server.name() + " said " + line + " instead of " + wanted);
        }
    }

    @Override
    public void close() {
        process.close();
        if (successor != null) {
            successor.close();
        }
    }
}
