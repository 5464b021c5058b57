package io.penstock.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Writes manual pages and shell completion as a distribution has them, from what the commands say of themselves. Two runs
 * write the same.
 */
public final class Manual {
    private Manual() {}

    /** Writes them all below the directory {@code share}. */
    public static void write(CommandLine program, Path share, String version) throws IOException {
        writePages(program, share.resolve("man/man1"), version);
        write(
                share.resolve("bash-completion/completions").resolve(program.getCommandName()),
                CompletionCommand.script(program));
    }

    private static void writePages(CommandLine command, Path directory, String version) throws IOException {
        CommandSpec spec = command.getCommandSpec();
        if (spec.helpCommand()) {
            return;
        }
        write(directory.resolve(ManPage.name(spec) + ".1"), ManPage.of(spec, version));
        for (CommandLine sub : command.getSubcommands().values()) {
            writePages(sub, directory, version);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
