package io.penstock.admin;

import io.penstock.admin.JsonObjectReader.Body;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One request that a route has taken.
 *
 * @param path what stands where the route has {@code {name}}, decoded
 * @param query decoded; only names that the route knows, each at most once
 * @param lastEventId what a client of a stream that comes back has seen last, from 1
 * @param body empty but for methods that change something
 */
public record AdminRequest(
        String method,
        Map<String, String> path,
        Map<String, String> query,
        String accept,
        OptionalLong lastEventId,
        String body) {
    /** What stands where the route has {@code {name}}. */
    public String segment(String name) {
        return path.get(name);
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** Reads the body, an object or nothing at all, which is read as an empty one. A key that is not asked for is an error. */
    public <T> T json(Body<T> read) throws RequestException {
        return JsonObjectReader.read(body, read);
    }
}
