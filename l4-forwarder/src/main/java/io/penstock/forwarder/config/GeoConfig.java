package io.penstock.forwarder.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Which place clients are at, by their address.
 *
 * @param file a list of prefixes and places, or a database in MaxMind's format ({@code .mmdb})
 * @param field of a database's records, the path to the text that {@code places} maps
 * @param places by that text; a list of prefixes names places itself
 */
public record GeoConfig(Path file, List<String> field, Map<String, Place> places) {}
