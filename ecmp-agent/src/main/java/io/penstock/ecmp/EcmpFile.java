package io.penstock.ecmp;

import io.penstock.agent.ConfigKind;
import io.penstock.ecmp.config.EcmpConfig;
import io.penstock.ecmp.config.EcmpConfigReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** ecmp-agent.yaml, as something that is read again while it runs. */
final class EcmpFile implements ConfigKind<EcmpConfig> {
    @Override
    public EcmpConfig read(Path file) {
        return EcmpConfigReader.read(file);
    }

    @Override
    public Set<Path> namedFiles(EcmpConfig config) {
        return config.process().namedFiles();
    }

    @Override
    public List<String> needRestart(EcmpConfig started, EcmpConfig read) {
        List<String> changed = new ArrayList<>();
        if (!started.process().admin().equals(read.process().admin())) {
            changed.add("admin");
        }
        if (started.process().watch() != read.process().watch()) {
            changed.add("watch");
        }
        if (started.protocol() != read.protocol()) {
            changed.add("protocol");
        }
        if (started.nextHopIds() != read.nextHopIds()) {
            changed.add("nexthop-ids");
        }
        if (!started.stateDirectory().equals(read.stateDirectory())) {
            changed.add("state-directory");
        }
        return changed;
    }
}
