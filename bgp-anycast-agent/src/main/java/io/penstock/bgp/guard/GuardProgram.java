package io.penstock.bgp.guard;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a guard is started: by the launcher that started this process, or by its Java where there was none. */
public final class GuardProgram {
    /** The name of the command. */
    public static final String COMMAND = "guard";

    /** Which lib/launch.sh sets. */
    private static final String LAUNCHER = "penstock.launcher";

    /** So that a signal to the agent's whole process group does not reach it (setsid(1) of util-linux and of busybox). */
    private static final String SESSION = "setsid";

    private static final String JAVA_OPTIONS = "PENSTOCK_JAVA_OPTS";
    private static final String OWN_JAVA_OPTIONS = "PENSTOCK_GUARD_JAVA_OPTS";

    /** As bin/bgp-anycast-agent has them for a guard. */
    private static final List<String> JAVA =
            List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    private GuardProgram() {}

    /**
     * Not started yet.
     *
     * @param main the class of the program's {@code main}, for where there is no launcher
     */
    public static ProcessBuilder builder(String main) {
        List<String> command = new ArrayList<>(List.of(SESSION));
        String launcher = System.getProperty(LAUNCHER);
        if (launcher != null) {
            command.add(launcher);
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(JAVA);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        }
        command.add(COMMAND);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        // What tunes the agent's JVM, or has it listen somewhere, is not for this one; the service manager means the
        // agent.
        environment.put(JAVA_OPTIONS, environment.getOrDefault(OWN_JAVA_OPTIONS, ""));
        List.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID").forEach(environment::remove);
        return builder;
    }
}
