package io.penstock.perf.sessions;

import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.LineProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A running {@link EchoMain}. */
final class EchoProcess implements AutoCloseable {
    private static final int START_TIMEOUT_S = 20;

    private final LineProcess process;
    private final int port;

    private EchoProcess(LineProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Returns once it can be reached. */
    static EchoProcess start(int number, int port, Path directory, Cores cores)
            throws IOException, InterruptedException {
        EchoProcess echo = startSilently(number, port, directory, cores);
        echo.awaitReady();
        return echo;
    }

    /** Returns at once. */
    static EchoProcess startSilently(int number, int port, Path directory, Cores cores) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-Xss256k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                EchoMain.class.getName(),
                Integer.toString(number),
                Integer.toString(port));
        return new EchoProcess(
                LineProcess.start(cores.forLoad(command), directory.resolve("echo-" + number + ".log")), port);
    }

    /** Once. */
    void awaitReady() throws IOException, InterruptedException {
        String line = process.next(START_TIMEOUT_S);
        if (!line.equals(EchoMain.READY)) {
            throw new IOException("a backend said " + line);
        }
    }

    int port() {
        return port;
    }

    /** SIGKILL; returns at once. */
    void kill() {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        process.close();
    }
}
