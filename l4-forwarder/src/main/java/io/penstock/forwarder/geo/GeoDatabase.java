package io.penstock.forwarder.geo;

import com.maxmind.db.CHMCache;
import com.maxmind.db.DatabaseRecord;
import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Network;
import com.maxmind.db.Networks;
import com.maxmind.db.Reader;
import io.penstock.config.ConfigProblem;
import io.penstock.config.ConfigProblems;
import io.penstock.forwarder.config.GeoConfig;
import io.penstock.forwarder.config.Place;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A database in MaxMind's format (MaxMind DB File Format Specification 2.0), walked once from end to end: networks whose
 * text has a place go into the map, and the database itself is not needed any more.
 */
final class GeoDatabase {
    private final GeoConfig geo;
    private final ZoneMapBuilder zones;
    private final ConfigProblems problems;
    private boolean anyPlace;

    GeoDatabase(GeoConfig geo, ZoneMapBuilder zones) {
        this.geo = geo;
        this.zones = zones;
        problems = new ConfigProblems(geo.file().toString());
    }

    /** @throws io.penstock.config.InvalidConfigException when the file is no database, or damaged, or names no place */
    void read() {
        try (Reader reader = new Reader(geo.file().toFile(), Reader.FileMode.MEMORY, new CHMCache())) {
            walk(reader);
        } catch (IOException | InvalidNetworkException | RuntimeException | StackOverflowError damaged) {
            // What a damaged file leads the reader to is not always an exception of its own.
            problem("must be a sound database in MaxMind's format", reason(damaged));
        }
        problems.throwIfAny();
        if (!anyPlace) {
            problem(
                    "must have networks whose " + String.join(".", geo.field()) + " is one of "
                            + String.join(", ", geo.places().keySet()),
                    "none");
        }
        problems.throwIfAny();
    }

    private void walk(Reader reader) throws IOException, InvalidNetworkException {
        // A tree of n nodes has n + 1 ends; a damaged one that leads back to itself has no end.
        long left = reader.getMetadata().nodeCount() + 1;
        Networks<Object> networks = reader.networks(Object.class);
        while (networks.hasNext()) {
            if (left-- == 0) {
                throw new IOException("more networks than its tree has room for");
            }
            DatabaseRecord<Object> network = networks.next();
            Place place = geo.places().get(text(network.data(), geo.field()));
            if (place != null) {
                anyPlace = true;
                zones.tryAdd(prefix(network.network()), place);
            }
        }
    }

    /** What stands at the path, or "" when there is no such text or number. */
    private static String text(Object data, List<String> path) {
        Object at = data;
        for (String name : path) {
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return at instanceof String || at instanceof Number ? at.toString() : "";
    }

    /** A network of IPv4 in a database of IPv6 has its own form; one that holds all of IPv4 has a length below 0 then. */
    private static IpPrefix prefix(Network network) {
        IpAddress first = IpAddress.of(network.networkAddress());
        int length = first.isIpv4() ? 96 + Math.max(0, network.prefixLength()) : network.prefixLength();
        return new IpPrefix(first, length);
    }

    private void problem(String rule, String was) {
        problems.add(1, 1, ConfigProblem.DOCUMENT, rule, was);
    }

    private static String reason(Throwable damaged) {
        return damaged.getMessage() == null ? damaged.getClass().getSimpleName() : damaged.getMessage();
    }
}
