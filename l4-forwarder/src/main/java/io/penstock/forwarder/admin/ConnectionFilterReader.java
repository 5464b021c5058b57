package io.penstock.forwarder.admin;

import io.penstock.admin.AdminRequest;
import io.penstock.admin.RequestException;
import io.penstock.forwarder.operate.ConnectionFilter;
import io.penstock.net.IpPrefix;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads which connections are meant from the parameters of a request. */
final class ConnectionFilterReader {
    private static final String[] FILTERS = {"id", "service", "pool", "backend", "client"};
    static final String[] LIST_PARAMETERS = with("limit");
    static final String[] KILL_PARAMETERS = with("all");

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final int DEFAULT_LIMIT = 1_000;
    private static final int MAX_LIMIT = 100_000;

    private ConnectionFilterReader() {}

    private static String[] with(String other) {
        return Stream.concat(Stream.of(FILTERS), Stream.of(other)).toArray(String[]::new);
    }

    /** Those that are not there match everything. */
    static ConnectionFilter read(AdminRequest request) throws RequestException {
        Optional<Long> id = Optional.empty();
        if (request.parameter("id").isPresent()) {
            id = Optional.of(number(request, "id"));
        }
        Optional<IpPrefix> client = Optional.empty();
        if (request.parameter("client").isPresent()) {
            client = Optional.of(IpPrefix.parse(request.parameter("client").get())
                    .orElseThrow(() ->
                            RequestException.badRequest("client must be an address or a prefix such as 192.0.2.0/24")));
        }
        return new ConnectionFilter(
                id, request.parameter("service"), request.parameter("pool"), request.parameter("backend"), client);
    }

    static int limit(AdminRequest request) throws RequestException {
        if (request.parameter("limit").isEmpty()) {
            return DEFAULT_LIMIT;
        }
        long limit = number(request, "limit");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw RequestException.badRequest("limit must be from 1 to " + MAX_LIMIT);
        }
        return (int) limit;
    }

    static boolean isAll(AdminRequest request) throws RequestException {
        Optional<String> all = request.parameter("all");
        if (all.isPresent() && !all.get().equals("true")) {
            throw RequestException.badRequest("all can only be true");
        }
        return all.isPresent();
    }

    private static long number(AdminRequest request, String name) throws RequestException {
        String text = request.parameter(name).orElseThrow();
        if (!NUMBER.matcher(text).matches()) {
            throw RequestException.badRequest(name + " must be a whole number");
        }
        return Long.parseLong(text);
    }
}
