package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.SchemaDocument;
import io.penstock.testing.SchemaDrift;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchemaDriftTest extends SchemaDrift<ForwarderConfig> {
    /** Of flow-log: cannot stand beside its file. */
    private static final Set<String> INSTEAD_OF_WHAT_IS_SHOWN = Set.of("stdout", "syslog");

    SchemaDriftTest() {
        super(ForwarderDocument.AGREEMENT, new ForwarderConfigs(), new Least(60, 20, 60));
    }

    @Test
    void shouldNameInCommentsWhatCannotStandInTheExample() {
        String example = SchemaDocument.shipped("forwarder.example.yaml");
        INSTEAD_OF_WHAT_IS_SHOWN.forEach(key -> assertTrue(example.contains(key + ": "), key));
    }

    @Override
    protected Set<String> insteadOfWhatIsShown() {
        return INSTEAD_OF_WHAT_IS_SHOWN;
    }

    @Override
    protected Object comparable(ForwarderConfig read) {
        return List.of(
                read.sharedSecret(),
                read.workers(),
                read.splice(),
                read.warmUp(),
                read.drainTimeout(),
                read.maxConnections(),
                read.maxSessions(),
                read.place(),
                read.geo(),
                read.xdp(),
                read.process().metrics(),
                read.services(),
                read.pools());
    }
}
