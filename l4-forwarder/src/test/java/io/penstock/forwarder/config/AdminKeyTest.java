package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.admin.AdminAddress;
import io.penstock.admin.AdminConfig;
import io.penstock.admin.config.AdminKey;
import io.penstock.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminKeyTest {
    private static final String REST = """
            services: { web: { listen: "*:80" } }
            pools: { web: { backends: ["10.0.0.1:80"] } }
            """;

    private static final String OFF_HOST =
            "others than this host reach it, so it needs admin.tls, and admin.token-file or admin.tls.client-ca";

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

    /** The value of the key, and the only problem. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            { listen: "192.0.2.1:9443" }                               | admin.listen: OFF
            { listen: ["127.0.0.1:9080", "0.0.0.0:9443"] }             | admin.listen[1]: OFF
            { listen: "[::]:9443", token-file: admin.token }           | admin.listen: OFF
            { listen: "192.0.2.1:9443", tls: { certificate: admin.crt, key: admin.key } } | admin.listen: OFF
            { listen: "https://127.0.0.1:9443" }                       | admin.listen: needs admin.tls
            { listen: ["127.0.0.1:1", "127.0.0.1:1"] }                 | admin.listen[1]: is listed before
            { listen: "unix:/run/a", token-file: admin.token }         | admin.token-file: is for TCP addresses only
            { listen: "127.0.0.1:1", token-file: missing }             | admin.token-file: must name a file that exists
            { listen: "127.0.0.1:1", token-file: config.yaml }              | admin.token-file: must name a file with a token
            { listen: "127.0.0.1:1", tls: { certificate: admin.crt, key: admin.key } } | admin.tls: is for addresses
            { listen: "https://127.0.0.1:1", tls: { certificate: admin.crt, key: ca.pem } } | admin.tls.certificate: must
            { listen: "192.0.2.1:1", tls: { certificate: admin.crt } } | admin.tls.key: is required
            { listen: [] }                                             | admin.listen: must be one address or a list
            """)
    void shouldSayWhatIsWrong(String value, String problem) {
        try (ForwarderConfigs config = new ForwarderConfigs()) {
            String said = config.onlyProblem("admin: " + value + "\n" + REST);
            assertTrue(said.startsWith(problem.replace("OFF", OFF_HOST)), said);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ listen: [\"192.0.2.1:1\"], token-file: admin.token, tls: { certificate: admin.crt, key: admin.key } }",
                "{ listen: [\"[::]:1\"], tls: { certificate: admin.crt, key: admin.key, client-ca: ca.pem } }",
                "{ listen: [\"https://[::1]:1\"], tls: { certificate: admin.crt, key: admin.key } }",
                "{ listen: [\"127.0.0.1:1\", \"unix:/run/a\"], token-file: admin.token }"
            })
    void shouldTakeWhatIsSafe(String value) {
        try (ForwarderConfigs config = new ForwarderConfigs()) {
            AdminConfig admin = config.read("admin: " + value + "\n" + REST)
                    .process()
                    .admin()
                    .orElseThrow();
            assertEquals(Optional.of(admin), AdminKey.find(config.file()));
        }
    }
}
