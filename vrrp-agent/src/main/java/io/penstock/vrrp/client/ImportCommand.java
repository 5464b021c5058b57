package io.penstock.vrrp.client;

import io.penstock.vrrp.keepalived.ImportResult;
import io.penstock.vrrp.keepalived.KeepalivedImport;
import io.penstock.vrrp.keepalived.Remark;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what keepalived.conf says as a configuration of this agent. */
@Command(
        name = "import",
        description = {
            "Converts the VRRP part of a keepalived.conf, and of what it includes.",
            "The configuration goes to standard output, what it does not say to",
            "standard error and, where it makes a difference, into comments at its top."
        },
        footerHeading = "%nExamples:%n",
        footer = "  vrrp-agent import /etc/keepalived/keepalived.conf >vrrp-agent.yaml")
public final class ImportCommand implements Callable<Integer> {
    private static final int WIDTH = 120;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The keepalived.conf.")
    private Path file;

    @Option(
            names = {"-i", "--config-id"},
            paramLabel = "ID",
            defaultValue = "",
            description = "Which lines that begin with @ID are meant, as keepalived's option of this name;"
                    + " there the default is the name of the host, here none.")
    private String configId;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        ImportResult result;
        try {
            result = KeepalivedImport.of(file, configId);
        } catch (NoSuchFileException e) {
            err.println("vrrp-agent: no such file: " + file);
            return ExitCode.SOFTWARE;
        } catch (IOException e) {
            err.println("vrrp-agent: " + file + " cannot be read: " + e);
            return ExitCode.SOFTWARE;
        }
        result.remarks().forEach(err::println);
        if (result.routers() == 0) {
            err.println("vrrp-agent: " + file + ": no vrrp_instance in it");
            return ExitCode.SOFTWARE;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("# From " + file.getFileName() + " of keepalived; try it with: vrrp-agent check");
        result.remarks().stream().filter(Remark::important).forEach(remark -> out.println("# " + remark));
        out.print(yaml(result));
        out.flush();
        return ExitCode.OK;
    }

    private static String yaml(ImportResult result) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(WIDTH)
                .setSplitLines(false)
                .build();
        return new Dump(settings).dumpToString(result.document());
    }
}
