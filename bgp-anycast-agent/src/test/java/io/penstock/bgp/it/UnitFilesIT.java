package io.penstock.bgp.it;

import io.penstock.testing.UnitFile;

class UnitFilesIT extends UnitFile {
    UnitFilesIT() {
        super("bgp-anycast-agent.service", 2.0);
    }
}
