package io.penstock.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRuleTest {
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    private Path directory;

    private Path tokenFile;

    @BeforeEach
    void write() throws IOException {
        tokenFile = AdminRig.tokenFile(directory.resolve("token"), TOKEN);
    }

    private AccessRule rule(String address, boolean token, boolean certificates) {
        Optional<Path> authorities = certificates ? Optional.of(Path.of("ca")) : Optional.empty();
        return AccessRule.of(
                AdminAddress.parse(address).orElseThrow(),
                new AdminConfig(
                        List.of(AdminAddress.parse(address).orElseThrow()),
                        token ? Optional.of(tokenFile) : Optional.empty(),
                        Optional.of(new AdminTls(Path.of("crt"), Path.of("key"), authorities))));
    }

    private static String answer(Optional<AdminRefusal> refusal) {
        return refusal.map(AdminRefusal::label).orElse("served");
    }

    /** What the server has, what the peer shows, and what it gets when it reads and when it gives an order. */
    @ParameterizedTest
    @CsvSource({
        "unix:/run/a,            nothing,   nothing,     served,         served",
        "unix:/run/a,            token,     wrong,       served,         served",
        "127.0.0.1:9080,         nothing,   nothing,     served,         read-only",
        "127.0.0.1:9080,         nothing,   token,       served,         read-only",
        "127.0.0.1:9080,         ca,        nothing,     served,         read-only",
        "127.0.0.1:9080,         token,     nothing,     served,         no-credentials",
        "127.0.0.1:9080,         token,     wrong,       served,         wrong-token",
        "127.0.0.1:9080,         token,     token,       served,         served",
        "'[::1]:9080',           token,     nothing,     served,         no-credentials",
        "https://127.0.0.1:9443, ca,        nothing,     served,         no-certificate",
        "https://127.0.0.1:9443, ca,        certificate, served,         served",
        "192.0.2.1:9443,         token,     nothing,     no-credentials, no-credentials",
        "192.0.2.1:9443,         token,     wrong,       wrong-token,    wrong-token",
        "192.0.2.1:9443,         token,     token,       served,         served",
        "192.0.2.1:9443,         ca,        nothing,     no-certificate, no-certificate",
        "192.0.2.1:9443,         ca,        token,       no-certificate, no-certificate",
        "192.0.2.1:9443,         ca,        certificate, served,         served",
        "192.0.2.1:9443,         both,      nothing,     no-credentials, no-credentials",
        "192.0.2.1:9443,         both,      token,       served,         served",
        "192.0.2.1:9443,         both,      certificate, served,         served",
        "0.0.0.0:9443,           token,     nothing,     no-credentials, no-credentials",
        "'[::]:9443',            token,     nothing,     no-credentials, no-credentials",
        "'[2001:db8::1]:9443',   token,     token,       served,         served",
    })
    void shouldServeWhoMay(String address, String has, String shown, String reading, String ordering) {
        boolean both = has.equals("both");
        AccessRule rule = rule(address, both || has.equals("token"), both || has.equals("ca"));
        List<String> authorization =
                switch (shown) {
                    case "token" -> List.of("Bearer " + TOKEN);
                    case "wrong" -> List.of("Bearer 0123456789abcdeg");
                    default -> List.of();
                };
        boolean certified = shown.equals("certificate");
        assertEquals(reading, answer(rule.refusal(true, certified, authorization)));
        assertEquals(ordering, answer(rule.refusal(false, certified, authorization)));
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer 0123456789abcdef, served",
        "bearer   0123456789abcdef, served",
        "Bearer 0123456789abcde, wrong-token",
        "Bearer 0123456789abcdeff, wrong-token",
        "Bearer 0123456789ABCDEF, wrong-token",
        "Bearer, wrong-token",
        "0123456789abcdef, wrong-token",
        "Basic 0123456789abcdef, wrong-token",
        "'Bearer 0123456789abcdef ', wrong-token",
        "'Bearer 0123456789abcdef, Bearer x', wrong-token",
        "'', wrong-token",
    })
    void shouldReadTheHeaderStrictly(String header, String answer) {
        assertEquals(answer, answer(rule("127.0.0.1:80", true, false).refusal(false, false, List.of(header))));
    }

    @Test
    void shouldRefuseTwoTokens() {
        List<String> twice = List.of("Bearer " + TOKEN, "Bearer " + TOKEN);
        assertEquals("wrong-token", answer(rule("127.0.0.1:80", true, false).refusal(false, false, twice)));
    }

    @Test
    void shouldTakeAnotherTokenAsSoonAsItIsThere() throws IOException {
        AccessRule rule = rule("127.0.0.1:80", true, false);
        List<String> first = List.of("Bearer " + TOKEN);
        List<String> second = List.of("Bearer fedcba9876543210");
        assertEquals("served", answer(rule.refusal(false, false, first)));
        Files.writeString(tokenFile, "fedcba9876543210\nwhat follows is no token\n");
        assertEquals("wrong-token", answer(rule.refusal(false, false, first)));
        assertEquals("served", answer(rule.refusal(false, false, second)));
    }

    @Test
    void shouldLetNobodyInByAFileThatIsWrong() throws IOException {
        AccessRule rule = rule("127.0.0.1:80", true, false);
        List<String> shown = List.of("Bearer " + TOKEN);
        Files.writeString(tokenFile, "");
        assertEquals("token-unusable", answer(rule.refusal(false, false, shown)));
        Files.writeString(tokenFile, "short\n");
        assertEquals("token-unusable", answer(rule.refusal(false, false, List.of("Bearer short"))));
        Files.writeString(tokenFile, TOKEN);
        assertEquals("served", answer(rule.refusal(false, false, shown)));
        Files.setPosixFilePermissions(tokenFile, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals("token-unusable", answer(rule.refusal(false, false, shown)));
        Files.delete(tokenFile);
        assertEquals("token-unusable", answer(rule.refusal(false, false, shown)));
    }
}
