package io.penstock.ecmp.it;

import io.penstock.testing.UnitFile;

class UnitFilesIT extends UnitFile {
    UnitFilesIT() {
        super("ecmp-agent.service", 2.0);
    }
}
