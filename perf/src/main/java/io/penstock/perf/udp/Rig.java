package io.penstock.perf.udp;

import io.penstock.perf.rig.Cores;
import io.penstock.perf.rig.LineProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@link RigMain} as a process of its own, on the core of what loads. */
final class Rig implements AutoCloseable {
    private static final int TIMEOUT_S = 30;

    /** A machine that others use too may not run a proxy at all in a short time. */
    private static final int ATTEMPTS_MAX = 3;

    private final LineProcess process;

    private Rig(LineProcess process) {
        this.process = process;
    }

    static Rig start(int backendPort, int groupedPort, Path directory, Cores cores)
            throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RigMain.class.getName(),
                Integer.toString(backendPort),
                Integer.toString(groupedPort));
        Rig rig = new Rig(LineProcess.start(cores.forLoad(command), directory.resolve("rig.log")));
        rig.process.next(TIMEOUT_S);
        return rig;
    }

    /** Loads a contestant once. */
    Outcome run(Contestant contestant, Shape shape, int size, int warmUpMs, int measureMs)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(shape.load()));
        words.addAll(List.of(
                "--target-port", Integer.toString(contestant.site().port(shape.service())),
                "--size", Integer.toString(size),
                "--warm-up-ms", Integer.toString(warmUpMs),
                "--measure-ms", Integer.toString(measureMs)));
        if (contestant.isProxy()) {
            words.add("--pids");
            words.add(contestant.pids().stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        String order = String.join(" ", words);
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            process.send(order);
            Outcome outcome = Outcome.parse(process.next(TIMEOUT_S));
            if (outcome.answered() > 0) {
                return outcome;
            }
        }
        throw new IOException(
                contestant.name() + ": no answer in " + shape.label() + " of " + size + contestant.state());
    }

    @Override
    public void close() {
        process.close();
    }
}
