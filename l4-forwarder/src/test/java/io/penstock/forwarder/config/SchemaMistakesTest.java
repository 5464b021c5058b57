package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.config.ConfigProblem;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes of shape that a person makes: the editor's schema and the reader must both refuse each. */
class SchemaMistakesTest {
    private final SchemaDocument schema = new SchemaDocument();
    private final SchemaAgreement agreement = new SchemaAgreement();
    private final TemporaryConfig config = new TemporaryConfig();

    @AfterEach
    void close() {
        config.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /workers                          | 0
            /workers                          | 1025
            /workers                          | "4"
            /workers                          | auto
            /workers                          | 1.5
            /worker                           | 4
            /secret-file                      | 5
            /secret-file                      | ""
            /secret-file                      | [a]
            /drain-timeout                    | 30
            /drain-timeout                    | 30 s
            /drain-timeout                    | -1s
            /drain-timeout                    | 1m30s
            /drain-timeout                    | true
            /drain-timeout                    | 1S
            /services                         | {}
            /services                         | []
            /services                         | web
            /services                         | null
            /services/a b                     | { listen: "*:81", pool: web }
            /services/web/listen              | 80
            /services/web/listen              | []
            /services/web/listen              | {}
            /services/web/listen              | ":80"
            /services/web/listen              | "80"
            /services/web/listen              | "192.0.2.10"
            /services/web/listen              | "192.0.2.10:0"
            /services/web/listen              | "192.0.2.10:65536"
            /services/web/listen              | "192.0.2.10:080"
            /services/web/listen              | "example.org:80"
            /services/web/listen              | "[fe80::1%eth0]:80"
            /services/web/listen              | "2001:db8::10:80"
            /services/web/listen              | ["192.0.2.10:80", 81]
            /services/web/listen              | ["192.0.2.10:80-"]
            /services/web/listen              | "tcp://192.0.2.10:80"
            /services/web/protocol            | udp
            /services/web/protocol            | TCP
            /services/web/pool                | 5
            /services/web/pool                | null
            /services/web/timeouts            | 5s
            /services/web/timeouts            | null
            /services/web/timeouts/connect    | 2
            /services/web/timeouts/read       | 2s
            /services/web/connect-attempts    | 0
            /services/web/connect-attempts    | 9
            /services/web/tcp                 | none
            /services/web/tcp/defer-accept    | 3
            /services/web/tcp/defer_accept    | 3s
            /services/web/tcp/keepalive       | true
            /services/web/tcp/keepalive       | 2m
            /services/web/tcp/keepalive/probes | 0
            /services/web/tcp/keepalive/probes | 128
            /services/web/tcp/keepalive/count | 4
            /services/web/tcp/user-timeout    | none
            /services/web/limits              | { connections: 5 }
            /pools                            | {}
            /pools/web                        | []
            /pools/web/balance                | maglev
            /pools/web/balance/policy         | round-robin
            /pools/web/balance/hash           | Flow
            /pools/web/balance/table-size     | 65537s
            /pools/web/balance/table-size     | 2
            /pools/web/balance/table_size     | 65537
            /pools/web/health                 | no
            /pools/web/health                 | false
            /pools/web/health                 | null
            /pools/web/health                 | []
            /pools/web/health/tcp             | 80
            /pools/web/health/tcp/port        | 0
            /pools/web/health/tcp/port        | "80"
            /pools/web/health/http            | { path: / }
            /pools/web/health/interval        | 2
            /pools/web/health/rise            | 0
            /pools/web/health/fall            | 101
            /pools/web/resolve-interval       | never
            /pools/web/backends               | []
            /pools/web/backends               | "10.0.0.1:80"
            /pools/web/backends               | [80]
            /pools/web/backends               | [null]
            /pools/web/backends               | [[]]
            /pools/web/backends               | [{}]
            /pools/web/backends               | ["10.0.0.1:http"]
            /pools/web/backends               | ["2001:db8::1"]
            /pools/web/backends               | ["web_1:80"]
            /pools/web/backends               | ["-web:80"]
            /pools/web/backends/0/id          | 5
            /pools/web/backends/0/id          | "a b"
            /pools/web/backends/0/address     | 5
            /pools/web/backends/0/weight      | -1
            /pools/web/backends/0/weight      | 1001
            /pools/web/backends/0/weight      | "2"
            /pools/web/backends/0/wieght      | 2
            """)
    void shouldRefuseInBothWhenShapeIsWrong(String pointer, String value) {
        ObjectNode document = SchemaDocument.example();
        set(document, pointer, SchemaDocument.fromYaml(value));

        List<ConfigProblem> problems = config.problems(document.toString());

        assertEquals(SchemaAgreement.Verdict.WRONG_SHAPE, agreement.verdict(problems));
        assertFalse(schema.accepts(document), "accepted by the schema");
    }

    private static void set(ObjectNode document, String pointer, JsonNode value) {
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = document.at(pointer.substring(0, slash));
        String key = pointer.substring(slash + 1);
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(key), value);
        } else {
            ((ObjectNode) parent).set(key, value);
        }
    }
}
