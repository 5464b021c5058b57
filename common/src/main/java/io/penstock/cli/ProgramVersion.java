package io.penstock.cli;

import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program's name and the version in the manifest of its jar. */
public final class ProgramVersion implements IVersionProvider {
    @Spec
    private CommandSpec spec;

    @Override
    public String[] getVersion() {
        String version = spec.root().userObject().getClass().getPackage().getImplementationVersion();
        return new String[] {spec.root().name() + " " + (version == null ? "(not packaged)" : version)};
    }
}
