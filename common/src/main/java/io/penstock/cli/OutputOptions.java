package io.penstock.cli;

import java.util.Locale;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How an answer is shown; of every command that asks, as a {@code @Mixin}. */
public final class OutputOptions {
    private enum Format {
        TABLE,
        JSON;

        /** As it is written on a command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @ArgGroup
    private Choice choice = new Choice();

    private static final class Choice {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "FORMAT",
                description = "table, for people, or json, the server's answer as it is. Default: table.")
        private Format format = Format.TABLE;

        @Option(names = "--json", description = "The same as --output json.")
        private boolean json;
    }

    public boolean isJson() {
        return choice.json || choice.format == Format.JSON;
    }
}
