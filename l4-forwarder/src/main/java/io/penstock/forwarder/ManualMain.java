package io.penstock.forwarder;

import io.penstock.forwarder.manual.ManPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Writes manual pages and shell completion as a distribution has them, from what the commands say of themselves. The
 * build runs it; two runs write the same.
 */
public final class ManualMain {
    private ManualMain() {}

    /**
     * Writes them all.
     *
     * @param args the directory {@code share}, and the version
     */
    public static void main(String[] args) throws IOException {
        Path share = Path.of(args[0]);
        writePages(ForwarderMain.commandLine(), share.resolve("man/man1"), args[1]);
        write(share.resolve("bash-completion/completions/l4-forwarder"), CompletionCommand.script());
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
