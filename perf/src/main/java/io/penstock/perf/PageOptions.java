package io.penstock.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a measuring command leaves what it has found: figures for programs, and a page for people. */
public final class PageOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Path json;

    @Option(names = "--keep", description = "write the page to perf/results instead of perf/target")
    private boolean keep;

    @Option(names = "--home", paramLabel = "DIR", required = true, hidden = true)
    private Path home;

    /** Before anything is measured: a file that cannot be written is a wrong argument. */
    public void check() {
        if (json != null) {
            try {
                Files.newOutputStream(json, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                        .close();
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), "--json cannot be written: " + e.getMessage(), e);
            }
        }
    }

    /** The file of a page. */
    public Path page(String name) {
        return home.resolve(keep ? "results" : "target").resolve(name);
    }

    /** If somebody wants them. */
    public void write(Figures figures) throws IOException {
        if (json != null) {
            figures.writeJson(json);
        }
    }
}
