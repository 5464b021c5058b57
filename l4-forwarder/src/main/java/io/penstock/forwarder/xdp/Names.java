package io.penstock.forwarder.xdp;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.penstock.forwarder.table.Encapsulation;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the numbers in the maps stand for: the maps know no names, and outlive the process that does. A file beside the lock, as JSON,
 * so that commands can say names while no forwarder runs, and the next one finds its services and backends.
 */
public final class Names {
    /** The process before has as much right to it as this one; who has the lock writes. */
    static final Path DIRECTORY = Path.of("/run/penstock");

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private List<Service> services = new ArrayList<>();
    private List<Real> reals = new ArrayList<>();

    /** A number of {@code services}. */
    public static final class Service {
        private int index;
        private String name = "";
        private List<String> vips = List.of();
        private String encapsulation = "";

        public int index() {
            return index;
        }

        public String name() {
            return name;
        }

        public List<String> vips() {
            return vips;
        }

        public String encapsulation() {
            return encapsulation;
        }
    }

    /** A number of {@code reals}. */
    public static final class Real {
        private int id;
        private String service = "";
        private String pool = "";
        private String backend = "";
        private String address = "";
        private String encapsulation = "";

        public int id() {
            return id;
        }

        public String service() {
            return service;
        }

        public String pool() {
            return pool;
        }

        public String backend() {
            return backend;
        }

        public String address() {
            return address;
        }

        public String encapsulation() {
            return encapsulation;
        }
    }

    static Names of(PlaneStatus status) {
        Names names = new Names();
        for (PlaneStatus.Service from : status.services()) {
            Service service = new Service();
            service.index = from.index();
            service.name = from.name();
            service.vips = from.vips();
            service.encapsulation = text(from.encapsulation());
            names.services.add(service);
        }
        for (PlaneStatus.Backend from : status.backends()) {
            Real real = new Real();
            real.id = from.id();
            real.service = from.service();
            real.pool = from.pool();
            real.backend = from.name();
            real.address = from.address().toString();
            real.encapsulation = text(from.encapsulation());
            names.reals.add(real);
        }
        return names;
    }

    private static String text(Encapsulation encapsulation) {
        return encapsulation.name().toLowerCase(Locale.ROOT);
    }

    public List<Service> services() {
        return services;
    }

    public List<Real> reals() {
        return reals;
    }

    /** Where they are, of the plane of that name. */
    public static Path file(String plane) {
        return DIRECTORY.resolve("xdp-" + plane + ".json");
    }

    /**
     * Empty when there is no such file.
     *
     * @throws IOException when it cannot be read, or is none of ours
     */
    public static Optional<Names> read(Path file) throws IOException {
        try {
            Names names = GSON.fromJson(RunFiles.read(file), Names.class);
            if (names == null || names.services == null || names.reals == null) {
                throw new IOException(file + ": not the names of an XDP data plane");
            }
            return Optional.of(names);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonParseException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    String toJson() {
        return GSON.toJson(this);
    }

    /** Whoever reads it meanwhile sees what was there before. */
    static void write(Path file, String json) throws IOException {
        RunFiles.replace(file, json);
    }
}
