package io.penstock.bgp.config;

import io.penstock.testing.SchemaDrift;

class SchemaDriftTest extends SchemaDrift<BgpConfig> {
    SchemaDriftTest() {
        super(BgpDocument.AGREEMENT, new BgpConfigs(), new Least(30, 10, 30));
    }
}
