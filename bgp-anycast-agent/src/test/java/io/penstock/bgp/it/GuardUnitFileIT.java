package io.penstock.bgp.it;

import io.penstock.testing.UnitFile;

class GuardUnitFileIT extends UnitFile {
    GuardUnitFileIT() {
        super("bgp-anycast-guard.service", 2.0);
    }
}
