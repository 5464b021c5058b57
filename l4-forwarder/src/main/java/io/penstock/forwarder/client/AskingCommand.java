package io.penstock.forwarder.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What commands that ask a running forwarder have in common. */
abstract class AskingCommand implements Callable<Integer> {
    static final String EXIT_CODES =
            "Exit code: 0 done, 1 refused (the reason is printed), 2 wrong words, 3 no answer.";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    final Question question() {
        return new Question(server, spec);
    }
}
