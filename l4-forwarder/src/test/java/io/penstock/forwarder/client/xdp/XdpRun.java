package io.penstock.forwarder.client.xdp;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.penstock.forwarder.xdp.backend.BackendHost;
import io.penstock.testing.NetworkNamespace;
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

    /** What a host remembers that goes without undoing it: the next one may get its inode. */
    static void forget(NetworkNamespace host) throws Exception {
        String inode = host.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"))
                .toString()
                .replaceAll("\\D", ""));
        Files.createDirectories(BackendHost.STATE);
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(BackendHost.STATE, "xdp-backend-" + inode + "{-0.sysctls,.json*}")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    JsonElement json() {
        return JsonParser.parseString(out);
    }
}
