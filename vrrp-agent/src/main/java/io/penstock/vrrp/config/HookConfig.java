package io.penstock.vrrp.config;

import java.time.Duration;
import java.util.List;

/**
 * A command that is run with every event, one after the other, in their order. What happened is in its environment and on its
 * standard input.
 *
 * @param command the program and its arguments, without a shell
 * @param timeout after which it is killed and the next is run
 */
public record HookConfig(List<String> command, Duration timeout) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    public HookConfig {
        command = List.copyOf(command);
    }
}
