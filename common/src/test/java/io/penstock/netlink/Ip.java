package io.penstock.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** ip(8), in the network namespace of the thread that asks: the other opinion on what the kernel has. */
public final class Ip {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin/ip"), Path.of("/sbin/ip"), Path.of("/usr/bin/ip"));

    private Ip() {}

    /** What it prints. */
    public static String run(String... arguments) throws IOException, InterruptedException {
        Path program = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
        assumeTrue(program != null, "skipped: no ip on the PATH");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.getInputStream().close();
        assertEquals(0, process.waitFor(), command + ": " + output);
        return output;
    }

    /** What it prints with {@code -d -j}: a list of objects. */
    public static List<JsonObject> list(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-d", "-j"));
        all.addAll(List.of(arguments));
        JsonArray array =
                JsonParser.parseString(run(all.toArray(String[]::new))).getAsJsonArray();
        List<JsonObject> objects = new ArrayList<>();
        array.forEach(element -> objects.add(element.getAsJsonObject()));
        // It prints empty ones for what it leaves out.
        objects.removeIf(object -> object.size() == 0);
        return objects;
    }
}
