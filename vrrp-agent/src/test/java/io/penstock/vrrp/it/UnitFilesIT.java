package io.penstock.vrrp.it;

import io.penstock.testing.UnitFile;

/** It may send raw packets, and become a realtime process, which others may not. */
class UnitFilesIT extends UnitFile {
    UnitFilesIT() {
        super("vrrp-agent.service", 2.5);
    }
}
