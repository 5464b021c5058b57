package io.penstock.perf.lab.dsr;

import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who changes the files of both forwarders, and has them read: at once where the process lives, and otherwise at its next start.
 *
 * @param directories of the forwarders' hosts
 */
record Operator(List<Path> directories) {
    private static final String FILE = "forwarder.yaml";
    private static final String AS_MADE = "forwarder.yaml.as-made";
    private static final Pattern LAST_BACKEND = Pattern.compile("(, \\{ id: b3, address: \"[^\"]*\") }");
    private static final int LIMIT_S = 20;

    /** curl's CURLE_COULDNT_CONNECT. */
    private static final int NOBODY_LISTENS = 7;

    /** curl's CURLE_GOT_NOTHING and CURLE_RECV_ERROR: a process that was killed a moment ago still takes connections until the kernel has ended it. */
    private static final Set<Integer> CUT_SHORT = Set.of(52, 56);

    private static final int TRIES = 20;
    private static final long TRY_MS = 50;

    /** What becomes of the last backend, in all pools. */
    enum Last {
        THERE("$1 }"),
        DRAINED("$1, state: drain }"),
        GONE("");

        private final String text;

        Last(String text) {
            this.text = text;
        }
    }

    void change(Last last) throws IOException, InterruptedException {
        for (Path directory : directories) {
            Path made = directory.resolve(AS_MADE);
            if (Files.notExists(made)) {
                Files.copy(directory.resolve(FILE), made);
            }
            Files.writeString(
                    directory.resolve(FILE),
                    LAST_BACKEND.matcher(Files.readString(made)).replaceAll(last.text));
        }
        for (Path directory : directories) {
            reload(directory.resolve("forwarder.sock"));
        }
    }

    private static void reload(Path socket) throws IOException, InterruptedException {
        ToolRun run = ask(socket);
        for (int i = 1; i < TRIES && CUT_SHORT.contains(run.exitCode()); i++) {
            Thread.sleep(TRY_MS);
            run = ask(socket);
        }
        if (run.exitCode() != 0 && run.exitCode() != NOBODY_LISTENS) {
            throw new IOException("the forwarder at " + socket + " did not reload: " + run.output());
        }
    }

    private static ToolRun ask(Path socket) throws IOException, InterruptedException {
        return ToolRun.of(
                List.of(
                        "curl",
                        "-sS",
                        "--fail-with-body",
                        "-X",
                        "POST",
                        "-H",
                        "Content-Type: application/json",
                        "--unix-socket",
                        socket.toString(),
                        "http://localhost/v1/reload"),
                LIMIT_S);
    }
}
