package io.penstock.bgp.guard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that has a run file, as another run of the agent would: locks are of processes. It dies with its test. */
final class NextRun implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    private NextRun(Process process) {
        this.process = process;
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Returns when it has the file. */
    static NextRun take(Path stateDirectory) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("java.class.path");
        Process process = new ProcessBuilder(java, "-cp", classes, NextRun.class.getName(), stateDirectory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        NextRun run = new NextRun(process);
        run.awaitAnswer();
        return run;
    }

    /** Returns when the file says so. */
    void say(String word) throws IOException {
        process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        awaitAnswer();
    }

    private void awaitAnswer() throws IOException {
        if (!"done".equals(answers.readLine())) {
            throw new IOException("it does not do as it is told");
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** What it does, until its standard input ends. */
    public static void main(String[] arguments) throws IOException {
        try (RunFile run = RunFile.take(Path.of(arguments[0]))) {
            BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String word = "sign";
            do {
                switch (word) {
                    case "sign" -> run.sign();
                    case "in-charge" -> run.takeCharge(true);
                    case "release" -> run.release();
                    default -> throw new IOException(word);
                }
                System.out.println("done");
                word = words.readLine();
            } while (word != null);
        }
    }
}
