package io.penstock.forwarder.client.xdp;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.penstock.forwarder.xdp.backend.BackendHost;
import io.penstock.testing.NetworkNamespace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/** A command that has ended, and what it said. */
record XdpRun(int exitCode, String out, String err) {
    /** In this thread's network namespace. */
    static XdpRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(XdpCommand.class)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new XdpRun(exitCode, out.toString(), err.toString());
    }

    static XdpRun in(NetworkNamespace namespace, String... arguments) throws Exception {
        return namespace.call(() -> of(arguments));
    }

    /** What a host remembers that has gone without undoing it. */
    static void forgetSettings(String plan) throws IOException {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(BackendHost.STATE, "xdp-backend-" + plan + "-*.sysctls")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    JsonElement json() {
        return JsonParser.parseString(out);
    }
}
