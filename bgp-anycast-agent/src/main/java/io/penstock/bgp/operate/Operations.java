package io.penstock.bgp.operate;

import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import java.time.Duration;
import java.util.Optional;

/** What may be asked and ordered of a running agent. Safe from any thread. */
public interface Operations {
    AgentStatus status();

    ReloadResult lastReload();

    /**
     * Reads the configuration again and applies it, whole or not at all.
     *
     * @param trigger what asked for it
     */
    ReloadResult reload(String trigger);

    /**
     * Announces as draining, waits, withdraws.
     *
     * @param vip empty for all
     * @param wait empty for that of the configuration
     * @throws RefusedException when there is no such VIP
     */
    void drain(Optional<String> vip, Optional<Duration> wait) throws RefusedException;

    /** Withdraws at once, and keeps it so until {@link #resume}. */
    void withdraw(Optional<String> vip) throws RefusedException;

    /** Ends a drain, a withdrawal and a hold-down: from now on health decides. */
    void resume(Optional<String> vip) throws RefusedException;
}
