package io.penstock.forwarder.admin;

import com.google.gson.JsonObject;
import io.penstock.forwarder.operate.ConnectionView;

/** A connection or session as the API has it. */
final class ConnectionJson {
    private ConnectionJson() {}

    static JsonObject of(ConnectionView connection) {
        JsonObject json = new JsonObject();
        json.addProperty("id", connection.id());
        json.addProperty("protocol", connection.protocol());
        json.addProperty("service", connection.service());
        json.addProperty("client", connection.client());
        connection.backend().ifPresent(backend -> json.addProperty("backend", backend));
        json.addProperty("state", connection.state());
        json.addProperty("ageSeconds", Values.seconds(connection.age()));
        json.addProperty("idleSeconds", Values.seconds(connection.idle()));
        json.addProperty("bytesToBackend", connection.bytesToBackend());
        json.addProperty("bytesToClient", connection.bytesToClient());
        return json;
    }
}
