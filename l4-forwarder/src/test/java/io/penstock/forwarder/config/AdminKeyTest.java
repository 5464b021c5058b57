package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminConfig;
import io.penstock.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminKeyTest {
    private static final String REST = """
            services: { web: { listen: "*:80" } }
            pools: { web: { backends: ["10.0.0.1:80"] } }
            """;

    @TempDir
    private Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("forwarder.yaml"), text);
    }

    @Test
    void shouldReadTheAddressWithTheRest() throws IOException {
        ForwarderConfig config = ForwarderConfigReader.read(file("admin: { listen: \"127.0.0.1:9080\" }\n" + REST));
        assertEquals(
                AdminAddress.parse("127.0.0.1:9080").map(AdminConfig::of),
                config.process().admin());
    }

    @Test
    void shouldFindTheAddressWhateverTheRestSays() throws IOException {
        Path file = file("workers: many\nsecret-file: missing\nadmin: { listen: \"unix:/run/a\" }\nnonsense: 1\n");
        assertEquals(AdminAddress.parse("unix:/run/a").map(AdminConfig::of), AdminKey.find(file));
    }

    @Test
    void shouldFindNoneWhereNoneIs() throws IOException {
        assertEquals(Optional.empty(), AdminKey.find(file(REST)));
    }

    @Test
    void shouldSayWhatIsWrongWithTheAddress() throws IOException {
        Path file = file("admin: { listen: \"nowhere\" }\n" + REST);
        assertThrows(InvalidConfigException.class, () -> AdminKey.find(file));
    }
}
