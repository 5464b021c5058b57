package io.penstock.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which handler a request is for. A route's path has fixed segments and {@code {name}} for one of any text. Built by one
 * thread before the server starts, and read by its threads from then on.
 */
public final class Router {
    private static final String GET = "GET";
    private static final String HEAD = "HEAD";
    private static final int MAX_PARAMETERS = 32;

    private record Route(String method, List<String> segments, Set<String> query, AdminHandler handler) {}

    /**
     * What can be asked, for descriptions.
     *
     * @param path with {@code {name}} where any text stands
     * @param query names of the parameters it knows
     */
    public record Resource(String method, String path, Set<String> query) {}

    /** A handler and what of the request it needs. */
    record Match(AdminHandler handler, Map<String, String> path, Map<String, String> query) {}

    /** No route has this path, or none with this method. */
    static final class NoRouteException extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Set<String> allowed;

        private NoRouteException(String message, Set<String> allowed) {
            super(message);
            this.allowed = allowed;
        }

        /** Methods that the path has; empty when no route has the path. */
        Set<String> allowed() {
            return allowed;
        }
    }

    private final List<Route> routes = new ArrayList<>();

    /**
     * HEAD is answered, too.
     *
     * @param query names of the parameters it knows; others are an error
     */
    public Router get(String path, AdminHandler handler, String... query) {
        return add(GET, path, handler, query);
    }

    /**
     * A stream of events. HEAD is answered, too, without opening one.
     *
     * @param query names of the parameters it knows; others are an error
     */
    public Router stream(String path, StreamHandler handler, String... query) {
        return get(path, request -> AdminResponse.stream(handler), query);
    }

    public Router post(String path, AdminHandler handler) {
        return add("POST", path, handler);
    }

    public Router patch(String path, AdminHandler handler) {
        return add("PATCH", path, handler);
    }

    public Router delete(String path, AdminHandler handler, String... query) {
        return add("DELETE", path, handler, query);
    }

    private Router add(String method, String path, AdminHandler handler, String... query) {
        routes.add(new Route(method, List.of(path.substring(1).split("/", -1)), Set.of(query), handler));
        return this;
    }

    /** In the order in which they were added; HEAD, which every GET has, is not among them. */
    public List<Resource> resources() {
        return routes.stream()
                .map(route -> new Resource(route.method, "/" + String.join("/", route.segments), route.query))
                .toList();
    }

    /** @param uri path and query as the request has them */
    Match match(String method, String uri) throws NoRouteException, RequestException {
        QueryStringDecoder decoder = new QueryStringDecoder(uri, StandardCharsets.UTF_8, true, MAX_PARAMETERS, true);
        List<String> segments = segments(decoder.rawPath());
        Set<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            if (matches(route, segments)) {
                if (route.method.equals(method) || (route.method.equals(GET) && method.equals(HEAD))) {
                    return new Match(route.handler, path(route, segments), query(route, decoder));
                }
                allowed.add(route.method);
                if (route.method.equals(GET)) {
                    allowed.add(HEAD);
                }
            }
        }
        throw allowed.isEmpty()
                ? new NoRouteException("no such resource: " + decoder.rawPath(), allowed)
                : new NoRouteException("not for " + method + "; allowed: " + String.join(", ", allowed), allowed);
    }

    private static List<String> segments(String rawPath) throws RequestException {
        if (!rawPath.startsWith("/")) {
            throw RequestException.badRequest("the path must begin with '/'");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : rawPath.substring(1).split("/", -1)) {
            try {
                // A '+' is a space in forms only, so it is kept from this decoder.
                segments.add(QueryStringDecoder.decodeComponent(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw RequestException.badRequest("the path is wrongly encoded");
            }
        }
        return segments;
    }

    private static boolean matches(Route route, List<String> segments) {
        if (route.segments.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            String wanted = route.segments.get(i);
            boolean fits = isName(wanted) ? !segments.get(i).isEmpty() : wanted.equals(segments.get(i));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static boolean isName(String segment) {
        return segment.startsWith("{");
    }

    private static Map<String, String> path(Route route, List<String> segments) {
        Map<String, String> path = new HashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String name = route.segments.get(i);
            if (isName(name)) {
                path.put(name.substring(1, name.length() - 1), segments.get(i));
            }
        }
        return path;
    }

    private static Map<String, String> query(Route route, QueryStringDecoder decoder) throws RequestException {
        Map<String, String> query = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, List<String>> parameter :
                    decoder.parameters().entrySet()) {
                String name = parameter.getKey();
                if (!route.query.contains(name)) {
                    throw RequestException.badRequest("unknown parameter '" + name + "'; known here: "
                            + (route.query.isEmpty() ? "none" : String.join(", ", new TreeSet<>(route.query))));
                }
                if (parameter.getValue().size() > 1) {
                    throw RequestException.badRequest("parameter '" + name + "' comes more than once");
                }
                query.put(name, parameter.getValue().get(0));
            }
        } catch (IllegalArgumentException e) {
            throw RequestException.badRequest("the query is wrongly encoded");
        }
        return query;
    }

    /** The status of {@link NoRouteException}. */
    static int status(NoRouteException e) {
        return (e.allowed().isEmpty() ? HttpResponseStatus.NOT_FOUND : HttpResponseStatus.METHOD_NOT_ALLOWED).code();
    }
}
