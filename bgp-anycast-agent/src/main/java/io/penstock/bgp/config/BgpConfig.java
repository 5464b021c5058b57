package io.penstock.bgp.config;

import io.penstock.bgp.route.LargeCommunity;
import io.penstock.net.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What bgp-anycast-agent.yaml says.
 *
 * @param process what concerns the process as a whole; looked at once, at the start
 * @param daemon that the agent speaks to
 * @param global what a daemon is started with that was not started yet; empty to wait until somebody does
 * @param peers the daemon's neighbours, all of them, by name; empty to leave them to others
 * @param allow nothing outside of these is ever announced
 * @param owner the large community that marks the agent's own paths; empty for that of {@link #owner}
 * @param maxPaths more are never announced, 1 to 100000
 * @param noExport whether NO_EXPORT (RFC 1997) is on every path
 * @param guard after so long without a sign of the agent's thread a process of its own withdraws all; empty for no such process
 * @param onStop what becomes of the paths when the agent is told to end
 * @param stateDirectory where orders are kept, across the agent's end
 * @param vips by name, in the order of the file
 */
public record BgpConfig(
        Path file,
        ProcessConfig process,
        DaemonConfig daemon,
        Optional<GlobalConfig> global,
        Optional<Map<String, PeerConfig>> peers,
        List<IpPrefix> allow,
        Optional<LargeCommunity> owner,
        int maxPaths,
        boolean noExport,
        Optional<Duration> guard,
        OnStop onStop,
        Path stateDirectory,
        Map<String, VipConfig> vips) {
    public static final int DEFAULT_MAX_PATHS = 1_000;
    public static final Duration DEFAULT_GUARD = Duration.ofSeconds(3);
    public static final Path DEFAULT_STATE_DIRECTORY = Path.of("/run/penstock");

    /** The second part of the owner's mark, by custom of this agent. */
    private static final int FUNCTION = 9;

    /** What becomes of the paths when the agent is told to end. */
    public enum OnStop {
        WITHDRAW,
        /** Each is drained first. */
        DRAIN,
        /** They stay for the next run, which adopts them. */
        KEEP
    }

    public BgpConfig {
        peers = peers.map(named -> Collections.unmodifiableMap(new LinkedHashMap<>(named)));
        allow = List.copyOf(allow);
        vips = Collections.unmodifiableMap(new LinkedHashMap<>(vips));
    }

    /**
     * What marks the agent's own paths.
     *
     * @param asn the daemon's
     */
    public LargeCommunity owner(long asn) {
        return owner.orElseGet(() -> new LargeCommunity(asn, FUNCTION, 1));
    }
}
