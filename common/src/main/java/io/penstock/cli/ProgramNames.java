package io.penstock.cli;

import java.util.ListResourceBundle;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What shared commands and options call the process that a program is about. Descriptions name them as
 * {@code ${bundle:server}} and so on; a program gives them to its {@link picocli.CommandLine#setResourceBundle}.
 */
public final class ProgramNames extends ListResourceBundle {
    private final String server;
    private final String adminVariable;

    /**
     * Of one program.
     *
     * @param server what answers, such as forwarder
     * @param adminVariable the environment variable with its admin address
     */
    public ProgramNames(String server, String adminVariable) {
        this.server = server;
        this.adminVariable = adminVariable;
    }

    static ProgramNames of(CommandSpec command) {
        return (ProgramNames) command.resourceBundle();
    }

    @Override
    protected Object[][] getContents() {
        return new Object[][] {
            {"server", server}, {"admin-variable", adminVariable}, {"token-variable", tokenVariable()}
        };
    }

    String server() {
        return server;
    }

    String adminVariable() {
        return adminVariable;
    }

    /** With the file of the token that orders over TCP need. */
    String tokenVariable() {
        return adminVariable + "_TOKEN_FILE";
    }
}
