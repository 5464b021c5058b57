package io.penstock.forwarder.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.testing.Tools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people see of a real forwarder in a real terminal, which is tmux, while a backend dies. */
@Timeout(180)
class TopIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final int port = Ports.free(1);

    @BeforeEach
    void needTmux() {
        Tools.assume("tmux");
    }

    @AfterEach
    void closeTerminal() throws Exception {
        tmux("kill-server");
    }

    private String tmux(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "tmux", "-f", "/dev/null", "-S", directory.resolve("tmux").toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** A shell in a terminal; it has the command, and says how that ended. */
    private void open(String command) throws Exception {
        tmux("new-session", "-d", "-x", "120", "-y", "30", "sh");
        tmux("send-keys", "-l", ForwarderProcess.launcher() + " " + command + " --admin " + admin() + "; echo code=$?");
        tmux("send-keys", "Enter");
    }

    private void awaitScreen(String line) throws Exception {
        Pattern pattern = Pattern.compile(line, Pattern.MULTILINE);
        Await.until(() -> line + " in\n" + screen(), LIMIT, () -> pattern.matcher(screen())
                .find());
    }

    private String screen() {
        try {
            return tmux("capture-pane", "-p");
        } catch (Exception e) {
            return e.toString();
        }
    }

    private String admin() {
        return "unix:" + directory.resolve("admin.sock");
    }

    private ForwarderProcess forwarder(TestBackend... backends) throws Exception {
        String yaml = ForwarderYaml.of(port, backends)
                .top("admin: { listen: \"" + admin() + "\" }")
                .health("{ interval: 500ms, timeout: 500ms }")
                .text();
        return ForwarderProcess.start(directory, yaml);
    }

    @Test
    void shouldShowABackendThatDiesAndAForwarderThatGoes() throws Exception {
        TestBackend dies = TestBackend.echo();
        try (TestBackend stays = TestBackend.echo();
                ForwarderProcess forwarder = forwarder(stays, dies)) {
            open("top --interval 200ms");
            awaitScreen("^l4-forwarder running for .* table ");
            awaitScreen("^test/" + dies.address() + " +up ");

            dies.close();
            awaitScreen("^test/" + dies.address() + " +down ");
            awaitScreen("^..:..:.. backend test/" + dies.address());

            tmux("send-keys", "/", "d", "o", "w", "n", "Enter");
            awaitScreen("^filter: down \\(Escape ends it\\)");
            tmux("resize-window", "-x", "50", "-y", "10");
            awaitScreen("^BACKEND +STATE +OPEN");

            assertEquals(0, forwarder.stop());
            awaitScreen("^NO ANSWER for ");
            tmux("send-keys", "Escape", "q");
            awaitScreen("^code=0$");
        }
    }

    @Test
    void shouldFollowEventsAcrossARestart() throws Exception {
        try (TestBackend backend = TestBackend.echo()) {
            try (ForwarderProcess first = forwarder(backend)) {
                open("events --follow --type backend,process");
                // No line is wrapped.
                tmux("resize-window", "-x", "250", "-y", "40");
                awaitScreen("process +forwarder: takes connections");
                assertEquals(0, first.stop());
                awaitScreen("waiting for it to come back");
            }
            tmux("clear-history");
            tmux("send-keys", "-R");
            try (ForwarderProcess second = forwarder(backend)) {
                awaitScreen("process +forwarder: takes connections");
                assertEquals(0, second.stop());
            }
            tmux("send-keys", "C-c");
            // Behind what the terminal shows for Ctrl-C.
            awaitScreen("code=130$");
        }
    }
}
