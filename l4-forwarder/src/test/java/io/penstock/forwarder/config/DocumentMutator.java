package io.penstock.forwarder.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes a document in the ways a person does: a value, a key, an entry too many or too few. */
final class DocumentMutator {
    /** What anyone might write anywhere: right in some places, wrong in most. */
    private static final List<JsonNode> VALUES = List.of(
                    "null",
                    "true",
                    "0",
                    "-1",
                    "1",
                    "5",
                    "80",
                    "65537",
                    "5000012",
                    "99999999999",
                    "1.5",
                    "\"\"",
                    "\"5\"",
                    "5s",
                    "0s",
                    "500ms",
                    "50/s",
                    "0/s",
                    "7/d",
                    "2m",
                    "240h",
                    "99999999h",
                    "5 s",
                    "flow",
                    "source",
                    "none",
                    "no",
                    "tcp",
                    "udp",
                    "maglev",
                    "web",
                    "web-1",
                    "\"a b\"",
                    "50%",
                    "0/s",
                    "90/m",
                    "2.5%",
                    "0%",
                    "2000%",
                    "10.0%",
                    "2.5",
                    "2.55",
                    "up",
                    "drain",
                    "all",
                    "any",
                    "round-robin",
                    "adaptive",
                    "linear",
                    "\"200-399\"",
                    "\"399-200\"",
                    "304",
                    "/ready",
                    "/bin/sh",
                    "00ff",
                    "\"0f 0\"",
                    "\"(\"",
                    "\"198.51.100.0/24\"",
                    "\"198.51.100.1/24\"",
                    "\"2001:db8::/33\"",
                    "\"1:2:3/8\"",
                    "\"10.0.0.0/33\"",
                    "\"192.0.2.10:80\"",
                    "\"*:80\"",
                    "\"*:8000-8099\"",
                    "\"*:9-8\"",
                    "\":80\"",
                    "\"0.0.0.0:80\"",
                    "\"[::]:80\"",
                    "10.0.0.1",
                    "\"10.0.0.1:80\"",
                    "\"10.0.0.1:80-90\"",
                    "\"10.0.0.256:80\"",
                    "\"1.2.3:80\"",
                    "\"[::1]\"",
                    "\"[::1]:80\"",
                    "\"[::ffff:10.0.0.1]:80\"",
                    "\"[1::2::3]:80\"",
                    "\"[10.0.0.1]:80\"",
                    "\"fe80::1%eth0\"",
                    "\"2001:db8::1\"",
                    "\"web.example:80\"",
                    "\"web.example.:80\"",
                    "\"web..example:80\"",
                    "\"web_1:80\"",
                    "\"10.0.0.1.:80\"",
                    "\"a:0\"",
                    "\"a:65536\"",
                    "\"a:080\"",
                    "\"a:\"",
                    "cluster.secret",
                    "missing.secret",
                    "[]",
                    "{}",
                    "[[]]",
                    "[\"*:81\"]",
                    "[\"a:1\", \"b:1\"]",
                    "[a]",
                    "{ port: 1 }",
                    "{ tcp: { port: 1 } }",
                    "{ address: \"a:1\" }",
                    "[{ address: \"a:1\" }]",
                    "{ interval: 5s }",
                    "{ web: {} }",
                    "{ hash: source }",
                    "{ idle: 1m, probes: 3 }",
                    "{ connect: 1s }",
                    "{ region: eu }",
                    "{ text: ping }",
                    "{ hex: \"00 ff\" }",
                    "{ regex: \"a+\" }",
                    "{ text: a, hex: \"00\" }",
                    "{ path: / }",
                    "{ send: a }",
                    "{ command: /bin/sh }",
                    "{ at-least: 1 }",
                    "{ score: 5, down-below: 6 }",
                    "{ a: { tcp: {} }, b: { udp: { send: a } } }",
                    "{ queue: 5 }",
                    "v1",
                    "{ version: v1, checksum: true }",
                    "{ tlvs: { \"0xE1\": a } }",
                    "{ \"0xE0\": \"1\" }",
                    "{ \"0xF0\": a }",
                    "{ from: [\"10.0.0.0/8\"] }",
                    "{ connections: 5 }",
                    "{ time: 5s }",
                    "{ file: { path: /var/log/flows.log } }",
                    "{ stdout: true, syslog: \"unix:/dev/log\" }",
                    "{ path: /a, keep: 0 }",
                    "udp://192.0.2.5:514",
                    "udp://[::1]:514",
                    "{ policy: ring-hash }",
                    "{ policy: random, hash: source }",
                    "[{ pool: web, percent: 60% }, { pool: web, percent: 60% }]",
                    "[{ pool: web, sources: [\"10.0.0.0/8\"] }]")
            .stream()
            .map(SchemaDocument::fromYaml)
            .toList();

    private static final List<String> KEYS = List.of(
            "workers",
            "services",
            "pools",
            "web",
            "listen",
            "pool",
            "protocol",
            "timeouts",
            "idle",
            "lifetime",
            "lifetime-jitter",
            "drain-rate",
            "flow-log",
            "format",
            "sample",
            "failures",
            "file",
            "stdout",
            "syslog",
            "max-size",
            "keep",
            "fail-back",
            "rate",
            "balance",
            "hash",
            "health",
            "tcp",
            "keepalive",
            "user-timeout",
            "port",
            "http",
            "exchange",
            "udp",
            "tls",
            "exec",
            "checks",
            "require",
            "send",
            "expect",
            "text",
            "regex",
            "source",
            "split",
            "percent",
            "sources",
            "place",
            "region",
            "geo",
            "field",
            "limits",
            "proxy-protocol",
            "send-proxy",
            "tlvs",
            "from",
            "queue",
            "connections",
            "backup",
            "priority",
            "ring-size",
            "adaptive",
            "load-factor",
            "interval",
            "rise",
            "backends",
            "id",
            "address",
            "weight",
            "wieght",
            "a b",
            "");

    private final Random random;

    DocumentMutator(long seed) {
        random = new Random(seed);
    }

    void mutate(ObjectNode document) {
        List<ContainerNode<?>> containers = new ArrayList<>();
        collect(document, containers);
        ContainerNode<?> container = containers.get(random.nextInt(containers.size()));
        if (container instanceof ObjectNode object) {
            mutateObject(object);
        } else {
            mutateArray((ArrayNode) container);
        }
    }

    private void mutateObject(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        int way = names.isEmpty() ? 2 : random.nextInt(6);
        if (way == 0) {
            object.remove(pick(names));
        } else if (way == 1) {
            object.set(pick(KEYS), object.remove(pick(names)));
        } else if (way == 2) {
            object.set(pick(KEYS), pick(VALUES).deepCopy());
        } else {
            object.set(pick(names), pick(VALUES).deepCopy());
        }
    }

    private void mutateArray(ArrayNode array) {
        int way = array.isEmpty() ? 1 : random.nextInt(3);
        if (way == 0) {
            array.remove(random.nextInt(array.size()));
        } else if (way == 1) {
            array.add(pick(VALUES).deepCopy());
        } else {
            array.set(random.nextInt(array.size()), pick(VALUES).deepCopy());
        }
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> containers) {
        if (node instanceof ContainerNode<?> container) {
            containers.add(container);
            node.forEach(child -> collect(child, containers));
        }
    }
}
