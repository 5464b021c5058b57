package io.penstock.perf.compare;

import io.penstock.perf.rig.Cores;
import java.nio.file.Path;

/**
 * What all benches of a run share.
 *
 * @param forwarder the launcher of ours
 * @param directory for their temporary files
 * @param seconds of each measurement
 */
record Setting(Path forwarder, Path directory, Cores cores, int seconds, int rounds) {}
