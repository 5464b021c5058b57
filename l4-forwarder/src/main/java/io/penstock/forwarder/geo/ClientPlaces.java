package io.penstock.forwarder.geo;

import io.penstock.forwarder.config.ForwarderConfig;
import io.penstock.forwarder.config.GeoConfig;
import io.penstock.forwarder.config.Place;
import io.penstock.net.IpPrefixMap;
import java.util.List;
import java.util.Optional;

/**
 * Where clients are.
 *
 * @param zones by address, an index of {@code places}
 * @param places by that index; the first is that of clients of whom nothing is known, the forwarder's own
 */
public record ClientPlaces(IpPrefixMap zones, List<Optional<Place>> places) {
    private static final String DATABASE_SUFFIX = ".mmdb";

    /**
     * Reads the file that the configuration names, if any: what ends in {@code .mmdb} as a database.
     *
     * @throws io.penstock.config.InvalidConfigException with every problem of that file
     */
    public static ClientPlaces read(ForwarderConfig config) {
        Optional<Place> own = config.place();
        return config.geo().map(geo -> read(geo, own)).orElseGet(() -> unknown(own));
    }

    /** Nothing is known of any client. */
    public static ClientPlaces unknown(Optional<Place> own) {
        return new ClientPlaces(IpPrefixMap.EMPTY, List.of(own));
    }

    private static ClientPlaces read(GeoConfig geo, Optional<Place> own) {
        ZoneMapBuilder zones = new ZoneMapBuilder();
        if (geo.file().toString().endsWith(DATABASE_SUFFIX)) {
            new GeoDatabase(geo, zones).read();
        } else {
            new PrefixList(geo.file(), own.map(Place::region).orElse(""), zones).read();
        }
        return zones.build(own);
    }
}
