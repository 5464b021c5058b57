package io.penstock.forwarder.admin;

import com.google.gson.JsonElement;
import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The admin API over a UNIX socket, in front of {@link FakeOperations}. */
public final class AdminFixture implements AutoCloseable {
    public final FakeOperations operations = new FakeOperations();
    public final FakeViews views = new FakeViews();
    private final AdminAddress address;
    private final ForwarderAdmin admin;

    public AdminFixture(Path directory) throws IOException {
        address = new AdminAddress.Unix(directory.resolve("admin.sock"));
        admin = ForwarderAdmin.start(AdminConfig.of(address), operations, List.of(), views.views());
    }

    public AdminAddress address() {
        return address;
    }

    Reply send(String method, String uri, String body) throws Exception {
        Optional<JsonElement> json = body.isEmpty() ? Optional.empty() : Optional.of(Json.parse(body));
        try (AdminClient client = new AdminClient(address, Duration.ofSeconds(20))) {
            return client.send(method, uri, json);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
