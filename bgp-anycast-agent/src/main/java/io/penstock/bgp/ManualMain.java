package io.penstock.bgp;

import io.penstock.cli.Manual;
import java.io.IOException;
import java.nio.file.Path;

/** Writes manual pages and shell completion of the distribution; the build runs it. */
public final class ManualMain {
    private ManualMain() {}

    /**
     * Writes them all.
     *
     * @param args the directory {@code share}, and the version
     */
    public static void main(String[] args) throws IOException {
        Manual.write(BgpMain.commandLine(), Path.of(args[0]), args[1]);
    }
}
