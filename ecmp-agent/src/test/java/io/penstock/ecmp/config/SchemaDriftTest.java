package io.penstock.ecmp.config;

import io.penstock.testing.SchemaDrift;

class SchemaDriftTest extends SchemaDrift<EcmpConfig> {
    SchemaDriftTest() {
        super(EcmpDocument.AGREEMENT, new EcmpConfigs(), new Least(50, 10, 30));
    }
}
