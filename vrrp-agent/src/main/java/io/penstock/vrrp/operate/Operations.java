package io.penstock.vrrp.operate;

import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import java.time.Duration;

/** What may be asked of a running agent. Safe from any thread; orders wait until they are carried out or refused. */
public interface Operations {
    /** As of its last turn, without waiting. */
    AgentStatus status();

    /** The last time that the configuration was read. */
    ReloadResult lastReload();

    /**
     * Hands over on purpose: an active router, or all of a group, says that it stops and is a backup that takes over from nobody for
     * this long, unless nobody else is active.
     *
     * @throws RefusedException when it is not active, or there is none of this name
     */
    void failover(String name, Duration holdOff) throws RefusedException;

    /** Ends a hold-off, and a fault for a VIP that someone had removed. */
    void resume(String name) throws RefusedException;

    /**
     * Reads the configuration again and applies it, whole or not at all.
     *
     * @param trigger what asked for it
     */
    ReloadResult reload(String trigger);
}
