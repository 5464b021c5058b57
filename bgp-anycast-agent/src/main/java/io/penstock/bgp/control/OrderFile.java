package io.penstock.bgp.control;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.penstock.admin.Json;
import io.penstock.bgp.control.StandingOrder.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Standing orders, in a file that outlives the agent: a VIP that was drained for work on its host must not come back because the agent was
 * started anew. One JSON object on each line. Of the agent's thread.
 */
public final class OrderFile {
    static final String NAME = "bgp-anycast-agent.orders";

    private static final String VIP = "vip";
    private static final String ORDER = "order";
    private static final String ENDS_AT = "ends-at-ms";
    private static final String HANDED_OVER = "handed-over";

    private final Path file;
    private final InstantSource clock;

    /** @param stateDirectory made when something is to be kept in it */
    public OrderFile(Path stateDirectory) {
        this(stateDirectory, InstantSource.system());
    }

    OrderFile(Path stateDirectory, InstantSource clock) {
        file = stateDirectory.resolve(NAME);
        this.clock = clock;
    }

    /** On a clock that outlives the agent: milliseconds since 1970. */
    long nowMs() {
        return clock.millis();
    }

    /**
     * What was kept, by VIP; nothing when there is no such file.
     *
     * @throws IOException when it cannot be read, or is not of this form; the message says what to do
     */
    Map<String, StandingOrder> load() throws IOException {
        Map<String, StandingOrder> orders = new LinkedHashMap<>();
        int number = 0;
        for (String line : lines()) {
            number++;
            try {
                JsonObject order = Json.parse(line).getAsJsonObject();
                orders.put(order.get(VIP).getAsString(), read(order));
            } catch (IOException | RuntimeException e) {
                throw new IOException(
                        "line " + number + " of " + file + " is no order: remove the file, start the agent, and order"
                                + " again which VIPs are to be drained or withdrawn",
                        e);
            }
        }
        return orders;
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new IOException("standing orders cannot be read: " + e + "; make the file readable, or remove it", e);
        }
    }

    private static StandingOrder read(JsonObject order) {
        // Nobody knows of one that an earlier build has left; to give back what was not taken changes nothing.
        boolean handedOver = !order.has(HANDED_OVER) || order.get(HANDED_OVER).getAsBoolean();
        return switch (order.get(ORDER).getAsString()) {
            case "drain" -> StandingOrder.drain(order.get(ENDS_AT).getAsLong(), handedOver);
            case "withdraw" -> StandingOrder.withdraw(handedOver);
            case "resume" -> StandingOrder.resume(handedOver);
            default -> throw new JsonParseException("no such order");
        };
    }

    /** All of it or, when this fails, what was there before; nothing to remember leaves no file. */
    void store(Map<String, StandingOrder> orders) throws IOException {
        if (orders.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        List<String> lines = new ArrayList<>();
        orders.forEach((vip, order) -> lines.add(line(vip, order)));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path temporary = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.write(temporary, lines);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static String line(String vip, StandingOrder order) {
        JsonObject line = new JsonObject();
        line.addProperty(VIP, vip);
        line.addProperty(ORDER, order.kind().label());
        if (order.kind() == Kind.DRAIN) {
            line.addProperty(ENDS_AT, order.endsAtMs());
        }
        line.addProperty(HANDED_OVER, order.handedOver());
        return line.toString();
    }
}
