package io.penstock.perf.lab.dsr;

import io.penstock.perf.rig.ToolRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who changes the pools of both forwarders, by their admin API. */
record Operator(List<Path> sockets) {
    private static final int LIMIT_S = 10;

    void drain(String pool, String backend) throws IOException, InterruptedException {
        order("PATCH", backends(pool) + "/" + backend, "{\"state\": \"drain\"}");
    }

    void remove(String pool, String backend) throws IOException, InterruptedException {
        order("DELETE", backends(pool) + "/" + backend, "");
    }

    /** As the file has it: there, and ready. */
    void reset(String pool, String backend) throws IOException, InterruptedException {
        order("POST", backends(pool) + "/" + backend + "/reset", "{}");
    }

    private static String backends(String pool) {
        return "/v1/pools/" + pool + "/backends";
    }

    private void order(String method, String path, String body) throws IOException, InterruptedException {
        for (Path socket : sockets) {
            List<String> words = new ArrayList<>(List.of("curl", "-sS", "--fail-with-body", "-X", method));
            words.addAll(List.of("--unix-socket", socket.toString(), "http://localhost" + path));
            if (!body.isEmpty()) {
                words.addAll(List.of("-H", "Content-Type: application/json", "-d", body));
            }
            ToolRun.outputOf(words, LIMIT_S);
        }
    }
}
