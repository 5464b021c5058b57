package io.penstock.admin.agent;

import io.penstock.agent.ReloadResult;
import io.penstock.net.IpAddress;
import java.util.List;
import java.util.Optional;

/** What an agent answers on routes that all agents have. Safe from any thread. */
public interface AgentViews {
    /** What becomes of the process, in one word. */
    String phase();

    /** Whether it does its work: it is neither starting nor stopping. */
    boolean isRunning();

    List<VipAnswer> vips();

    /** Empty when the agent has no VIP of this address. */
    Optional<VipAnswer> vip(IpAddress address);

    ReloadResult reload(String trigger);
}
