package io.penstock.perf.lab;

import io.penstock.net.Endpoint;
import io.penstock.net.IpAddress;
import io.penstock.net.IpPrefix;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code scripts/lab} tells every demo: which lab is up, and where its clients and its VIP are. */
public final class LabOptions {
    @Option(names = "--script", required = true, paramLabel = "FILE", description = "scripts/lab", hidden = true)
    private Path script;

    @Option(names = "--agent", required = true, paramLabel = "FILE", description = "to be started", hidden = true)
    private Path agent;

    @Option(names = "--topology", required = true, paramLabel = "NAME", description = "of the lab", hidden = true)
    private String topology;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "of the lab", hidden = true)
    private String name;

    @Option(names = "--scratch", required = true, paramLabel = "DIRECTORY", description = "for logs", hidden = true)
    private Path scratch;

    @Option(names = "--target", required = true, paramLabel = "ADDRESS:PORT", description = "of the VIP", hidden = true)
    private String target;

    @Option(names = "--sources", required = true, paramLabel = "PREFIX", description = "of clients", hidden = true)
    private String sources;

    @Option(names = "--forwarder", paramLabel = "NAME=ADDRESS", description = "one, as backends see it", hidden = true)
    private Map<String, String> forwarders = new LinkedHashMap<>();

    @Option(names = "--json", paramLabel = "FILE", description = "also write the figures to FILE")
    private Optional<Path> json = Optional.empty();

    public LabScript lab() {
        return new LabScript(List.of(script.toString(), "--name", name, topology), name, scratch);
    }

    /** The launcher of an agent that the demo may start by itself. */
    public Path agent() {
        return agent;
    }

    public Path scratch() {
        return scratch;
    }

    public Endpoint target() {
        int colon = target.lastIndexOf(':');
        IpAddress vip = IpAddress.parse(target.substring(0, colon)).orElseThrow();
        return new Endpoint(vip, Integer.parseInt(target.substring(colon + 1)));
    }

    public IpPrefix sources() {
        return IpPrefix.parse(sources).orElseThrow();
    }

    /** By their hosts, in the order of the topology, as backends see them. */
    public Map<String, String> forwarders() {
        return forwarders;
    }

    public Optional<Path> json() {
        return json;
    }
}
