package io.penstock.bgp.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.TestDaemon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The agent's process, as its launcher starts it, and what it says. */
final class Agent implements AutoCloseable {
    private static final Path LAUNCHER =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("target/dist/bin/bgp-anycast-agent");

    private static final Pattern GUARD = Pattern.compile("guard started, process ([0-9]+)");

    private final TestDaemon process;
    private final int before;

    private Agent(TestDaemon process, int before) {
        this.process = process;
        this.before = before;
    }

    /**
     * Starts it, and does not wait.
     *
     * @param words of its command line
     */
    static Agent start(Path log, String... words) throws Exception {
        return start(ProcessBuilder::start, log, words);
    }

    /** The same on another host. */
    static Agent start(TestDaemon.Host host, Path log, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(words));
        int before = Files.exists(log) ? Files.readString(log).length() : 0;
        return new Agent(TestDaemon.start(host, log, command), before);
    }

    /** Of this run. */
    String log() {
        return process.log().substring(before);
    }

    long pid() {
        return process.pid();
    }

    /** Until it has said this. */
    void await(String text) throws Exception {
        Waiting.until(() -> "the agent says " + text + "\n" + log(), () -> {
            assertTrue(process.isAlive() || log().contains(text), this::log);
            return log().contains(text);
        });
    }

    /** Until its guard has seen the daemon, and so does without what takes long the first time. */
    void awaitGuard() throws Exception {
        awaitGuard(1);
    }

    /** The same of so many guards, one after the other. */
    void awaitGuard(int count) throws Exception {
        Waiting.until(() -> "ready guards: " + count + "\n" + log(), () -> {
            assertTrue(process.isAlive(), this::log);
            return log().split("what=ready", -1).length > count;
        });
    }

    /** The process id of the guard that was started last. */
    long guard() {
        Matcher started = GUARD.matcher(log());
        long pid = 0;
        while (started.find()) {
            pid = Long.parseLong(started.group(1));
        }
        return pid;
    }

    void signal(String name) throws Exception {
        process.signal(name);
    }

    void freeze() throws Exception {
        process.freeze();
    }

    int awaitExit() throws Exception {
        return process.awaitExit();
    }

    /** SIGTERM, and waits for an orderly end. */
    void terminate() throws Exception {
        signal("TERM");
        assertEquals(0, awaitExit(), this::log);
        assertTrue(log().contains("state=stopped clean=true"), this::log);
    }

    void kill() {
        process.kill();
    }

    boolean isGuardAlive() {
        return ProcessHandle.of(guard()).map(ProcessHandle::isAlive).orElse(false);
    }

    /** With its guard; the agent first, which would start another. */
    @Override
    public void close() {
        process.kill();
        ProcessHandle.of(guard()).ifPresent(ProcessHandle::destroyForcibly);
    }
}
