package io.penstock.serving.config;

import io.penstock.config.ConfigSection;
import io.penstock.health.config.TargetReader;
import io.penstock.serving.ForwarderQuestion;
import io.penstock.serving.config.AdminServerReader.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads how a forwarder is asked about a VIP: {@code forwarder}, {@code interval}, {@code timeout}, {@code rise} and {@code fall}. */
public final class ForwarderQuestionReader {
    /** That says that a forwarder is asked. */
    public static final String KEY = "forwarder";

    private static final Duration MIN_INTERVAL = Duration.ofMillis(10);
    private static final Duration MAX_INTERVAL = Duration.ofHours(1);
    private static final int MAX_IN_A_ROW = 100;

    private final AdminServerReader servers;

    public ForwarderQuestionReader(Path configFile) {
        servers = AdminServerReader.forwarder(configFile);
    }

    /**
     * What a mapping says; whoever has keys of its own there reads them from the same section. Keys of checks that agents make themselves
     * are problems. Empty when it cannot be said who is asked.
     */
    public Optional<ForwarderQuestion> read(ConfigSection section) {
        Optional<Server> server = section.required(KEY).flatMap(servers::read);
        Duration interval =
                section.duration("interval", ForwarderQuestion.DEFAULT_INTERVAL, MIN_INTERVAL, MAX_INTERVAL);
        Duration timeout = section.duration("timeout", ForwarderQuestion.DEFAULT_TIMEOUT, MIN_INTERVAL, MAX_INTERVAL);
        int rise = section.integer("rise", ForwarderQuestion.DEFAULT_RISE, 1, MAX_IN_A_ROW);
        int fall = section.integer("fall", ForwarderQuestion.DEFAULT_FALL, 1, MAX_IN_A_ROW);
        TargetReader.refuse(section);
        return server.map(
                read -> new ForwarderQuestion(read.address(), read.credentials(), interval, timeout, rise, fall));
    }
}
