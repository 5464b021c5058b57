package io.penstock.forwarder.client;

import com.google.gson.JsonObject;
import io.penstock.admin.AdminClient;
import io.penstock.admin.AdminClient.Reply;
import io.penstock.cli.Question;
import io.penstock.cli.Words;
import io.penstock.forwarder.client.top.Sample;
import io.penstock.forwarder.client.top.SampleReader;
import io.penstock.forwarder.client.top.Source;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Asks for the status and the last events. */
final class StatusSource implements Source {
    private static final String EVENTS = "/v1/events?follow=false&limit=50";
    private static final int NOT_FOUND = 404;

    private final AdminClient client;

    StatusSource(AdminClient client) {
        this.client = client;
    }

    @Override
    public Sample read() throws IOException, InterruptedException {
        JsonObject status = ask("/v1/status").orElseThrow(() -> new IOException("it has no /v1/status"));
        List<JsonObject> events =
                ask(EVENTS).map(answer -> Words.objects(answer, "events")).orElse(List.of());
        return SampleReader.read(status, events, System.nanoTime());
    }

    /** Empty when it has no such thing: a forwarder of another version. */
    private Optional<JsonObject> ask(String uri) throws IOException, InterruptedException {
        Reply reply = client.send("GET", uri, Optional.empty());
        if (reply.status() == NOT_FOUND) {
            return Optional.empty();
        }
        JsonObject answer = Question.object(reply);
        if (!reply.isSuccess()) {
            throw new IOException(Question.error(reply, answer));
        }
        return Optional.of(answer);
    }
}
