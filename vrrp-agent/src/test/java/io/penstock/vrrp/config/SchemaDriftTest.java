package io.penstock.vrrp.config;

import io.penstock.testing.SchemaDrift;

class SchemaDriftTest extends SchemaDrift<VrrpConfig> {
    SchemaDriftTest() {
        super(VrrpDocument.AGREEMENT, new VrrpConfigs(), new Least(50, 10, 30));
    }
}
