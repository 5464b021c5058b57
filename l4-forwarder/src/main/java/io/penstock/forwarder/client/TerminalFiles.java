package io.penstock.forwarder.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether somebody sits in front of this process. */
final class TerminalFiles {
    private static final Path INPUT = Path.of("/proc/self/fd/0");
    private static final Path OUTPUT = Path.of("/proc/self/fd/1");

    private TerminalFiles() {}

    /** Standard input and output both. Not by {@link System#console()}: newer JDKs have one without any terminal. */
    static boolean isTerminal() {
        return isTerminal(INPUT) && isTerminal(OUTPUT);
    }

    private static boolean isTerminal(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException none) {
            return false;
        }
    }
}
