package io.penstock.forwarder.client.xdp;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.penstock.testing.NetworkNamespace;
import java.io.PrintWriter;
import java.io.StringWriter;
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

    JsonElement json() {
        return JsonParser.parseString(out);
    }
}
