package io.penstock.vrrp;

import io.penstock.agent.ConfigKind;
import io.penstock.vrrp.config.VrrpConfig;
import io.penstock.vrrp.config.VrrpConfigReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** vrrp-agent.yaml, as something that is read again while it runs. */
final class VrrpFile implements ConfigKind<VrrpConfig> {
    @Override
    public VrrpConfig read(Path file) {
        return VrrpConfigReader.read(file);
    }

    @Override
    public Set<Path> namedFiles(VrrpConfig config) {
        return config.process().namedFiles();
    }

    @Override
    public List<String> needRestart(VrrpConfig started, VrrpConfig read) {
        List<String> changed = new ArrayList<>();
        if (!started.process().admin().equals(read.process().admin())) {
            changed.add("admin");
        }
        if (started.process().watch() != read.process().watch()) {
            changed.add("watch");
        }
        if (!started.process().realtime().equals(read.process().realtime())) {
            changed.add("realtime");
        }
        if (started.protocol() != read.protocol()) {
            changed.add("protocol");
        }
        return changed;
    }
}
