package io.penstock.bgp.guard;

import io.penstock.bgp.config.DaemonConfig;
import io.penstock.bgp.route.LargeCommunity;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a guard is to do should the agent go.
 *
 * @param daemon that has the paths
 * @param owner the large community of those that are to be withdrawn
 * @param patience after so long without a sign the agent is taken for frozen
 * @param run the file by which another run of the agent is known, which answers for the paths then; see {@link RunFile}
 * @param agent the process id of this run
 */
record Charge(DaemonConfig daemon, LargeCommunity owner, Duration patience, Path run, long agent) {}
