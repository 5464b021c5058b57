package io.penstock.health.config;

import io.penstock.config.ConfigSection;
import io.penstock.health.AgentCheck;
import io.penstock.health.HealthCheck.Origin;
import io.penstock.health.Octets;
import io.penstock.health.Schedule;
import io.penstock.net.Endpoint;
import java.time.Duration;

/** Reads {@code agent} of a pool. */
public final class AgentReader {
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(2);

    private AgentReader() {}

    public static AgentCheck read(ConfigSection agent) {
        int port = agent.required("port")
                .map(value -> value.integer(1, Endpoint.MAX_PORT).orElse(1))
                .orElse(1);
        Octets send = agent.optional("send").flatMap(PayloadReader::octets).orElse(Octets.NONE);
        Duration interval = agent.duration("interval", DEFAULT_INTERVAL);
        Duration timeout = agent.duration("timeout", CheckReader.shorter(interval, CheckReader.DEFAULT_TIMEOUT));
        CheckReader.notLonger(agent, "timeout", timeout, interval);
        Schedule schedule = new Schedule(interval, interval, timeout, Schedule.DEFAULT_JITTER, Schedule.Initial.UP);
        return new AgentCheck(port, send, schedule, Origin.PLAIN);
    }
}
