package io.penstock.forwarder.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.config.ConfigProblem;
import io.penstock.testing.SchemaAgreement;
import io.penstock.testing.SchemaDocument;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes of shape that a person makes: the editor's schema and the reader must both refuse each. */
class SchemaMistakesTest {
    private static final SchemaAgreement AGREEMENT = ForwarderDocument.AGREEMENT;
    private static final SchemaDocument SCHEMA = AGREEMENT.schema();
    private final ForwarderConfigs config = new ForwarderConfigs();

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
            /admin                            | "127.0.0.1:9080"
            /admin                            | {}
            /admin/listen                     | 9080
            /admin/listen                     | "9080"
            /admin/listen                     | "localhost:9080"
            /admin/listen                     | "127.0.0.1"
            /admin/listen                     | "127.0.0.1:0"
            /admin/listen                     | "127.0.0.01:80"
            /admin/listen                     | "127.0.0.1:80-81"
            /admin/listen                     | "unix:admin.sock"
            /admin/listen                     | "unix:@admin"
            /admin/listen                     | "unix:/run/"
            /admin/listen                     | "unix:/a b"
            /take-over                        | /run/forwarder.sock
            /take-over                        | {}
            /take-over/socket                 | forwarder.sock
            /take-over/socket                 | 5
            /take-over/socket                 | "/run/"
            /take-over/socket                 | "/a b"
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
            /services/web/listen              | "unix:web.sock"
            /services/web/listen              | "unix:/run/"
            /services/web/listen              | "unix:@"
            /pools/web/backends               | ["unix:app.sock"]
            /services/web/listen              | "192.0.2.10:0"
            /services/web/listen              | "192.0.2.10:65536"
            /services/web/listen              | "192.0.2.10:080"
            /services/web/listen              | "example.org:80"
            /services/web/listen              | "[fe80::1%eth0]:80"
            /services/web/listen              | "2001:db8::10:80"
            /services/web/listen              | ["192.0.2.10:80", 81]
            /services/web/listen              | ["192.0.2.10:80-"]
            /services/web/listen              | "tcp://192.0.2.10:80"
            /services/web/protocol            | sctp
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
            /limits                           | 5
            /limits/connections               | 0
            /limits/sessions                  | 0
            /limits/sessions                  | 15k
            /services/dns/responses           | 0
            /services/dns/responses           | 1001
            /services/dns/udp                 | none
            /services/dns/udp/mode            | session
            /metrics/latencies                | every
            /metrics/tcp-info                 | 5
            /metrics/tcp-info                 | never
            /services/dns/udp/rehome          | 5
            /services/dns/udp/rehome          | at-once
            /services/dns/udp/rehome          | -1s
            /services/dns/udp/rehome          | false
            /services/dns/udp/dont-fragment   | true
            /services/dns/udp/receive-buffer  | 4194304
            /services/dns/udp/receive-buffer  | 4MB
            /services/dns/udp/send-buffer     | 0.5MiB
            /services/dns/udp/interface       | "a b"
            /services/dns/udp/transparent     | auto
            /services/web/limits              | { queue: 5 }
            /services/web/limits/connections  | 0
            /services/web/limits/rate         | 5
            /services/web/limits/rate         | 5/d
            /services/web/limits/per-source   | { sources: 2048 }
            /services/web/allow               | 192.0.2.0/24
            /services/web/allow               | []
            /services/web/deny                | {}
            /services/web/deny                | { file: 5 }
            /place                            | eu
            /place                            | {}
            /place/zone                       | 5
            /place/zone                       | "a b"
            /place/city                       | berlin
            /geo                              | GeoLite2-Country.mmdb
            /geo                              | {}
            /geo/file                         | 5
            /geo/field                        | country..iso_code
            /geo/field                        | [country]
            /geo/places                       | {}
            /geo/places/DE                    | eu
            /geo/places/DE                    | {}
            /services/web/split               | []
            /services/web/split               | web-canary
            /services/web/split/0             | web-canary
            /services/web/split/0             | { percent: 10% }
            /services/web/split/0             | { pool: web-canary }
            /services/web/split/1/percent     | 10
            /services/web/split/1/percent     | "10"
            /services/web/split/1/percent     | 0.1
            /services/web/split/1/percent     | 10.555%
            /services/web/split/1/percent     | 10 %
            /services/web/split/0/sources     | []
            /services/web/split/0/sources     | "198.51.100.0/24"
            /services/web/split/0/sources/0   | 10
            /services/web/split/0/sources/0   | "198.51.100.0/33"
            /services/web/split/0/sources/0   | "198.51.100.0/024"
            /services/web/split/0/sources/0   | "198.51.100.0/"
            /services/web/split/0/sources/0   | "2001:db8::/129"
            /services/web/split/0/sources/0   | "[2001:db8::]/32"
            /services/web/split/0/sources/0   | example.org
            /pools                            | {}
            /pools/web                        | []
            /pools/web/balance                | maglev
            /pools/web/balance/policy         | roundrobin
            /pools/web/balance/source-prefix  | 24
            /pools/web/balance/source-prefix/ipv4 | 0
            /pools/web/balance/source-prefix/ipv6 | 129
            /pools/web/balance/load-factor    | 1.25
            /pools/web/balance/load-factor    | 125
            /pools/web/balance/load-factor    | 125.5%
            /pools/web-canary/balance/ring-size | 1023
            /pools/web-beta/balance/adaptive  | 1s
            /pools/web-beta/balance/adaptive/step | 0.1
            /pools/web/affinity               | 30m
            /pools/web/affinity               | none
            /pools/web/affinity/sources       | 0
            /pools/web/locality/panic         | 50
            /pools/web/locality/zone          | a
            /pools/web/balance/hash           | Flow
            /pools/web/balance/table-size     | 65537s
            /pools/web/balance/table-size     | 2
            /pools/web/balance/table_size     | 65537
            /pools/web/health                 | no
            /pools/web/health                 | false
            /pools/web/health                 | null
            /pools/web/health                 | []
            /pools/web/health/tcp             | 80
            /pools/web-beta/health/checks/port/tcp/port | 0
            /pools/web-beta/health/checks/port/tcp/port | "80"
            /pools/web/health/https           | { path: / }
            /pools/web/health/http            | /health
            /pools/web/health/http/method     | get
            /pools/web/health/http/method     | POST
            /pools/web/health/http/path       | health
            /pools/web/health/http/path       | "/a b"
            /pools/web/health/http/path       | "/ü"
            /pools/web/health/http/host       | "web internal"
            /pools/web/health/http/host       | "web\\r\\nX: y"
            /pools/web/health/http/status     | []
            /pools/web/health/http/status     | 99
            /pools/web/health/http/status     | 600
            /pools/web/health/http/status     | 2xx
            /pools/web/health/http/status     | "200-"
            /pools/web/health/http/status     | { from: 200 }
            /pools/web/health/http/status/0   | [200]
            /pools/web/health/http/body       | 5
            /pools/web/health/http/body       | {}
            /pools/web/health/http/body       | ""
            /pools/web/health/http/body/regex | 5
            /pools/web/health/http/tls        | true
            /pools/web/health/http/tls/verify | "true"
            /pools/web/health/http/tls/verify | no
            /pools/web/health/http/tls/server-name | "web internal"
            /pools/web/health/http/tls/ca-file | 5
            /pools/web/health/fast-interval   | 1
            /pools/web/health/jitter          | 0.1
            /pools/web/health/source          | "10.0.0.1:0"
            /pools/web/health/source          | localhost
            /pools/web/health/proxy-protocol  | true
            /pools/web/health/proxy-protocol  | 2
            /pools/web/health/initial         | ready
            /pools/web/agent                  | 9999
            /pools/web/agent                  | {}
            /pools/web/agent/port             | 0
            /pools/web/agent/send             | 5
            /pools/web/outlier-ejection       | true
            /pools/web/outlier-ejection/connect-failures | -1
            /pools/web/outlier-ejection/latency-score | 0.9
            /pools/web/outlier-ejection/latency-score | 10.1
            /pools/web/outlier-ejection/latency-score | 2.55
            /pools/web/outlier-ejection/latency-score | "3.0"
            /pools/web/outlier-ejection/max-ejected | 5
            /pools/web/circuit-breaker        | true
            /pools/web/circuit-breaker/failures | 0.5
            /pools/web/circuit-breaker/trials | 0
            /pools/web/slow-start             | true
            /pools/web/slow-start             | 30
            /pools/web/slow-start             | {}
            /pools/web/slow-start/curve       | quadratic
            /pools/web/hold-down              | 1m
            /pools/web/hold-down/changes      | 1
            /pools/web/limits                 | 1000
            /pools/web/limits/connections     | 0
            /pools/web/limits/queue           | 0
            /pools/web-canary/health/tls      | web.internal
            /pools/web-canary/health/tls/port | 0
            /pools/web-beta/health/checks     | {}
            /pools/web-beta/health/checks     | [tcp]
            /pools/web-beta/health/checks/app | {}
            /pools/web-beta/health/checks/app | http
            /pools/web-beta/health/checks/a b | { tcp: {} }
            /pools/web-beta/health/checks/app/weight | 0
            /pools/web-beta/health/checks/lag/exec | {}
            /pools/web-beta/health/checks/lag/exec/command | []
            /pools/web-beta/health/checks/lag/exec/command | 5
            /pools/web-beta/health/checks/lag/exec/command | test -e /x
            /pools/web-beta/health/checks/lag/exec/command | [test, -e]
            /pools/web-beta/health/checks/lag/exec/command | ["/bin/sh", 5]
            /pools/web-beta/health/checks/lag/exec/command | ["/bin/sh", ""]
            /pools/web-beta/health/checks/lag/exec/command | ["/bin/sh", "\\0"]
            /pools/web-beta/health/require    | most
            /pools/web-beta/health/require    | 2
            /pools/web-beta/health/require    | {}
            /pools/web-beta/health/require    | { down-below: 5 }
            /pools/web-beta/health/require/score | 0
            /pools/mail/health/exchange       | {}
            /pools/mail/health/exchange       | { port: 25 }
            /pools/mail/health/exchange/send  | {}
            /pools/mail/health/exchange/send/text | ""
            /pools/mail/health/exchange/send/regex | x
            /pools/mail/health/exchange/expect/text | 5
            /pools/names/health/require/at-least | 0
            /pools/names/health/checks/query/udp | 53
            /pools/names/health/checks/query/udp/send/hex | 0
            /pools/names/health/checks/query/udp/send/hex | 0g
            /pools/names/health/checks/query/udp/send/hex | "00  ff"
            /pools/names/health/checks/query/udp/silence | true
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
            /pools/web/backends/0/zone        | 5
            /pools/web/backends/0/region      | ""
            /pools/web/backends/0/state       | maint
            /pools/web/backends/0/max-connections | 0
            /pools/web/backends/3/backup      | "yes"
            /pools/web/backends/4/priority    | 16
            /pools/web/backends/4/priority    | low
            """)
    void shouldRefuseInBothWhenShapeIsWrong(String pointer, String value) {
        ObjectNode document = SCHEMA.example();
        set(document, pointer, SchemaDocument.fromYaml(value));

        List<ConfigProblem> problems = config.problems(document.toString());

        assertEquals(SchemaAgreement.Verdict.WRONG_SHAPE, AGREEMENT.verdict(problems));
        assertFalse(SCHEMA.accepts(document), "accepted by the schema");
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
