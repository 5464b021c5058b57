package io.penstock.forwarder.client.xdp;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.penstock.cli.Words;
import io.penstock.forwarder.xdp.RunFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What the numbers in the maps stand for, as the forwarder has written it beside its lock. Without the file numbers are all there is. */
final class PlaneNames {
    private final Map<Integer, JsonObject> services = new HashMap<>();
    private final Map<Integer, JsonObject> reals = new HashMap<>();

    private PlaneNames(JsonObject file) {
        Words.objects(file, "services").forEach(one -> services.put((int) Words.number(one, "index", -1), one));
        Words.objects(file, "reals").forEach(one -> reals.put((int) Words.number(one, "id", -1), one));
    }

    /**
     * None, when there is no such file.
     *
     * @throws PlaneException when it cannot be read
     */
    static PlaneNames read(Path file) throws PlaneException {
        try {
            return new PlaneNames(JsonParser.parseString(RunFiles.read(file)).getAsJsonObject());
        } catch (NoSuchFileException e) {
            return new PlaneNames(new JsonObject());
        } catch (IOException e) {
            throw new PlaneException(file + ": " + e.getMessage());
        } catch (JsonParseException | IllegalStateException e) {
            throw new PlaneException(file + " is not the names of an XDP data plane: " + e.getMessage());
        }
    }

    Set<Integer> services() {
        return services.keySet();
    }

    Set<Integer> reals() {
        return reals.keySet();
    }

    /** Its name, or its number when that is all that is known. */
    String service(int index) {
        JsonObject one = services.get(index);
        return one == null ? "#" + Integer.toUnsignedString(index) : Words.text(one, "name");
    }

    /** As {@code pool/backend}, or its number; a dash for none. */
    String real(int id) {
        if (id == ServiceEntry.NONE) {
            return "-";
        }
        JsonObject one = reals.get(id);
        return one == null
                ? "#" + Integer.toUnsignedString(id)
                : Words.text(one, "pool") + "/" + Words.text(one, "backend");
    }

    /** The service whose backend it is; empty when nobody knows. */
    String serviceOf(int real) {
        JsonObject one = reals.get(real);
        return one == null || !one.has("service") ? "" : Words.text(one, "service");
    }
}
