package io.penstock.forwarder;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the archive of classes that the launcher passes to later starts. */
@Command(
        name = "archive",
        description = {
            "Makes later starts of this program faster on this Java, by an archive of its classes.",
            "For this a forwarder runs for some seconds, on sockets of its own."
        },
        footer = {
            "",
            "To be made anew when Java or the program changes; an archive that does not fit is",
            "not used, and nothing fails for want of one. Whoever can write into the directory",
            "decides what the forwarder runs. Exit code: 0 made, 1 not."
        })
final class ArchiveCommand implements Callable<Integer> {
    /** Where the launcher itself is; it says so. */
    private static final String LAUNCHER = "penstock.launcher";

    /** The first Java with caches of linked classes and of profiles (JEP 483, 514, 515). */
    private static final int FIRST_WITH_CACHES = 25;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where it goes, for PENSTOCK_ARCHIVES to say; default: where the launcher looks by itself.")
    private Optional<Path> directory = Optional.empty();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        String launcher = System.getProperty(LAUNCHER);
        if (launcher == null) {
            err.println("l4-forwarder: archive: to be started by bin/l4-forwarder");
            return ExitCode.SOFTWARE;
        }
        try {
            Path made = make(Path.of(launcher));
            spec.commandLine().getOut().println(made + " " + (Files.size(made) >> 20) + " MiB");
            return ExitCode.OK;
        } catch (IOException e) {
            err.println("l4-forwarder: archive: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }

    private Path make(Path launcher) throws IOException, InterruptedException {
        Path home =
                directory.orElseGet(() -> launcher.resolveSibling("../archive").normalize());
        Files.createDirectories(home);
        boolean caches = Runtime.version().feature() >= FIRST_WITH_CACHES;
        Path archive = home.resolve("java-" + System.getProperty("java.runtime.version") + (caches ? ".aot" : ".jsa"));
        Path copy = Files.createTempFile(home, ".new", "");
        try (Rehearsal rehearsal = new Rehearsal(launcher)) {
            Path made = caches ? rehearsal.cache() : rehearsal.classArchive();
            Files.copy(made, copy, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
            // A start meanwhile sees the one before, or this one, whole.
            Files.move(copy, archive, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(copy);
        }
        return archive;
    }
}
