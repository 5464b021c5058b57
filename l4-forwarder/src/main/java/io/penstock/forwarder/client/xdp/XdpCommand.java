package io.penstock.forwarder.client.xdp;

import picocli.CommandLine.Command;

/** What has to do with the packet data plane. */
@Command(
        name = "xdp",
        description = {
            "Looks at the packet data plane of this host, takes it off, or prepares the host of a backend for it.",
            "None of these needs a running forwarder: what it has pinned in the kernel answers."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PlaneStatusCommand.class,
            DetachCommand.class,
            DumpCommand.class,
            TraceCommand.class,
            HostCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  l4-forwarder xdp status",
            "  l4-forwarder xdp status --check",
            "  l4-forwarder xdp backend --vip 192.0.2.10:80 --encapsulation ipip --interface eth0 --check"
        })
public final class XdpCommand {
    private XdpCommand() {}
}
