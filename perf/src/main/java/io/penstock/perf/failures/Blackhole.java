package io.penstock.perf.failures;

import io.penstock.perf.compare.Tools;
import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Drops packets in the network namespace of this process, which must not be the host's. */
final class Blackhole {
    private static final String NFT = "nft";
    private static final int TIMEOUT_S = 10;
    private static final List<String> CHAIN = List.of("inet", "penstock-failures", "input");

    private Blackhole() {}

    /** The name of this process's network namespace, such as {@code net:[4026531840]}. */
    static String network() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    }

    /** Makes the chain, empty; fails with nft's own words when that is not allowed. */
    static void prepare() throws IOException, InterruptedException {
        nft("add", "table", CHAIN.get(0), CHAIN.get(1));
        nft("add", "chain", CHAIN, "{ type filter hook input priority 0 ; }");
    }

    /** Drops all TCP from and to the port. */
    static void drop(int port) throws IOException, InterruptedException {
        String number = Integer.toString(port);
        // One transaction: a packet is dropped in both directions or in none.
        nft(
                "add",
                "rule",
                CHAIN,
                "tcp dport " + number + " drop ; add rule " + String.join(" ", CHAIN) + " tcp sport " + number
                        + " drop");
    }

    static void clear() throws IOException, InterruptedException {
        nft("flush", "chain", CHAIN, "");
    }

    private static void nft(String verb, String object, List<String> chain, String rest)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(verb, object));
        words.addAll(chain);
        words.add(rest);
        nft(words.toArray(String[]::new));
    }

    private static void nft(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Tools.require(NFT).toString()));
        command.addAll(Arrays.asList(words));
        ToolRun.outputOf(command, TIMEOUT_S);
    }
}
