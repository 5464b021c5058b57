package io.penstock.forwarder.flowlog;

import io.penstock.forwarder.config.FlowLogConfig.Target;
import io.penstock.forwarder.config.FlowLogConfig.ToFile;
import io.penstock.forwarder.config.FlowLogConfig.ToStdout;
import io.penstock.forwarder.config.FlowLogConfig.ToSyslog;
import io.penstock.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what a target needs. */
class FlowSinks {
    private static final Logger LOG = LoggerFactory.getLogger(FlowSinks.class);

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final Syscalls syscalls;

    FlowSinks(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    FlowSink of(Target target) {
        if (target instanceof ToFile file) {
            return new FileSink(file, System::nanoTime);
        }
        if (target instanceof ToSyslog syslog) {
            return new SyslogSink(syscalls, syslog.receiver());
        }
        if (target instanceof ToStdout) {
            return new StdoutSink();
        }
        throw new IllegalArgumentException("no such target: " + target);
    }

    /** Null where lines have none. */
    SyslogHeader header(Target target) {
        return target instanceof ToSyslog
                ? new SyslogHeader(hostName(), ProcessHandle.current().pid())
                : null;
    }

    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            LOG.warn("event=no-host-name cause=\"{}\" effect=\"messages of the flow log name none\"", e.toString());
            return "";
        }
    }
}
