package io.penstock.ecmp.operate;

import io.penstock.agent.RefusedException;
import io.penstock.agent.ReloadResult;
import java.util.Optional;

/** What may be asked of a running agent. Safe from any thread; orders wait until they are carried out or refused. */
public interface Operations {
    /** As of its last turn, without waiting. */
    AgentStatus status();

    /** The last time that the configuration was read. */
    ReloadResult lastReload();

    /**
     * Has a VIP, a route of this name, or both leave, VIPs in order, until they are resumed or the agent ends. Returns when it has begun.
     *
     * @param name empty for everything
     */
    void withdraw(Optional<String> name) throws RefusedException;

    /** Undoes that; a VIP with a fault is tried again without waiting. */
    void resume(String name) throws RefusedException;

    /**
     * Reads the configuration again and applies it, whole or not at all.
     *
     * @param trigger what asked for it
     */
    ReloadResult reload(String trigger);
}
