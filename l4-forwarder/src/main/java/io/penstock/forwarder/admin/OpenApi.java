package io.penstock.forwarder.admin;

import io.penstock.admin.AdminResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the API, by OpenAPI 3.1: a file of this package, which a test holds against the routes and their answers. */
final class OpenApi {
    static final String FILE = "openapi.json";

    private static final int OK = 200;
    private static final String JSON = "application/json";

    private OpenApi() {}

    /** Read for each who asks, which is seldom. */
    static AdminResponse answer() {
        try (InputStream in = OpenApi.class.getResourceAsStream(FILE)) {
            return AdminResponse.of(OK, JSON, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
