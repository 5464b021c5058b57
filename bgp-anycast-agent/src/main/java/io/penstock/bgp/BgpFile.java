package io.penstock.bgp;

import io.penstock.agent.ConfigKind;
import io.penstock.bgp.config.BgpConfig;
import io.penstock.bgp.config.BgpConfigReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** bgp-anycast-agent.yaml, as something that is read again while it runs. */
final class BgpFile implements ConfigKind<BgpConfig> {
    @Override
    public BgpConfig read(Path file) {
        return BgpConfigReader.read(file);
    }

    @Override
    public Set<Path> namedFiles(BgpConfig config) {
        return config.process().namedFiles();
    }

    @Override
    public List<String> needRestart(BgpConfig started, BgpConfig read) {
        List<String> changed = new ArrayList<>();
        if (!started.process().admin().equals(read.process().admin())) {
            changed.add("admin");
        }
        if (started.process().watch() != read.process().watch()) {
            changed.add("watch");
        }
        if (!started.stateDirectory().equals(read.stateDirectory())) {
            changed.add("state-directory");
        }
        if (!started.daemon().equals(read.daemon())) {
            changed.add("gobgp");
        }
        if (!started.owner().equals(read.owner())) {
            changed.add("owner");
        }
        if (!started.guard().equals(read.guard())) {
            changed.add("guard");
        }
        return changed;
    }

    /** What was read, but for what this process keeps as it was started with: paths with another mark would be nobody's. */
    static BgpConfig keeping(BgpConfig started, BgpConfig read) {
        return new BgpConfig(
                read.file(),
                started.process(),
                started.daemon(),
                read.global(),
                read.peers(),
                read.allow(),
                started.owner(),
                read.maxPaths(),
                read.noExport(),
                started.guard(),
                read.onStop(),
                started.stateDirectory(),
                read.vips());
    }
}
