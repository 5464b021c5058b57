package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forwarder.table.Encapsulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {
    @TempDir
    private Path directory;

    @Test
    void shouldReadWhatWasWritten() throws Exception {
        Path file = directory.resolve("xdp-default.json");
        PlaneStatus status = new PlaneStatus(
                "default",
                1,
                1,
                0,
                List.of(),
                List.of(new PlaneStatus.Service(4, "web", Encapsulation.IPIP, List.of("192.0.2.10:80"), 2, 0, false)),
                List.of(new PlaneStatus.Backend(
                        9,
                        "web",
                        "pool",
                        "b1",
                        PacketTables.ip("10.0.0.1"),
                        Encapsulation.IPIP,
                        "up",
                        2,
                        "02:00:00:00:00:01")),
                List.of());

        Names.write(file, Names.of(status).toJson());

        assertEquals(
                "{\"services\":[{\"index\":4,\"name\":\"web\",\"vips\":[\"192.0.2.10:80\"],\"encapsulation\":\"ipip\"}],"
                        + "\"reals\":[{\"id\":9,\"service\":\"web\",\"pool\":\"pool\",\"backend\":\"b1\",\"address\":\"10.0.0.1\","
                        + "\"encapsulation\":\"ipip\"}]}",
                Files.readString(file));
        Names names = Names.read(file).orElseThrow();
        assertEquals("web", names.services().get(0).name());
        assertEquals(9, names.reals().get(0).id());
    }

    @Test
    void shouldBeEmptyWithoutAFile() throws Exception {
        assertTrue(Names.read(directory.resolve("none.json")).isEmpty());
    }

    @Test
    void shouldRefuseWhatIsNoNames() throws Exception {
        Path file = directory.resolve("broken.json");
        Files.writeString(file, "{\"services\": 3");
        assertThrows(IOException.class, () -> Names.read(file));
        Files.writeString(file, "null");
        assertThrows(IOException.class, () -> Names.read(file));
    }
}
