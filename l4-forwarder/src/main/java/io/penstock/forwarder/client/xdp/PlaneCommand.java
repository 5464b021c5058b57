package io.penstock.forwarder.client.xdp;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import io.penstock.forwarder.bpf.BpfException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What commands about a pinned data plane have in common. */
abstract class PlaneCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NameOption name;

    /** What the command does; returns the exit code. */
    abstract int run(String plane) throws PlaneException, BpfException, InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        try {
            return run(name.value(spec.commandLine()));
        } catch (PlaneException | BpfException e) {
            complain(e.getMessage());
            return ExitCode.SOFTWARE;
        } finally {
            out().flush();
        }
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final void complain(String words) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("l4-forwarder: " + words);
        err.flush();
    }

    final void printJson(JsonElement value) {
        out().println(new GsonBuilder()
                .disableHtmlEscaping()
                .setPrettyPrinting()
                .create()
                .toJson(value));
    }
}
