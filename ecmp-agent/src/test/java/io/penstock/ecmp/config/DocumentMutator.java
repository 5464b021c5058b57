package io.penstock.ecmp.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes a document in the ways a person does: a value, a key, an entry too many or too few. */
final class DocumentMutator {
    /** What anyone might write anywhere: right in some places, wrong in most. One a line, as YAML. */
    private static final List<JsonNode> VALUES =
            """
            null
            true
            0
            -1
            1
            2
            80
            210
            256
            65536
            2147483648
            1.5
            ""
            "2"
            5s
            0s
            15ms
            2500ms
            90m
            240h
            241h
            5 s
            none
            keep
            auto
            up
            fault
            withdraw
            resilient
            multipath
            lo
            "a b"
            50%
            51%
            /run/penstock
            run
            192.0.2.10
            192.0.2.10/32
            192.0.2.10/24
            192.0.2.0/24
            192.0.2.0/33
            192.0.2.0/024
            192.0.2.300
            10.0.1.11
            127.0.0.1
            224.0.0.1
            "2001:db8::1"
            "2001:db8::/64"
            "2001:db8::1/128"
            "1:2:3"
            "fe80::1"
            "::ffff:10.0.0.1"
            "127.0.0.1:9080"
            "http://127.0.0.1:9080"
            "http://192.0.2.1:9080"
            "https://192.0.2.1:9443"
            "https://[::1]:9443"
            "unix:/run/a.sock"
            "unix:a"
            admin.token
            missing
            []
            {}
            [a]
            [10.0.1.11]
            [10.0.1.11, { via: 10.0.2.11 }]
            { port: 80 }
            { tcp: { port: 1 } }
            { forwarder: "127.0.0.1:9080" }
            { forwarder: { url: "unix:/run/a.sock" }, rise: 1 }
            { url: "127.0.0.1:1" }
            { via: 10.0.1.12, weight: 2 }
            { type: multipath }
            { buckets: 8, idle-timer: 5s }
            { address: 192.0.2.77, health: none }
            { prefix: 192.0.2.77, legs: [10.0.1.1] }
            { listen: "127.0.0.1:9081" }
            { text: ping }
            { regex: "a+" }
            { at-least: 1 }
            { score: 5, down-below: 6 }
            { a: { tcp: {} }, b: { udp: { send: a } } }
            """.lines().map(SchemaDocument::fromYaml).toList();

    private static final List<String> KEYS = List.of(
            "vips",
            "routes",
            "web",
            "sysctls",
            "admin",
            "address",
            "interface",
            "lease",
            "health",
            "forwarder",
            "url",
            "key",
            "prefix",
            "group",
            "type",
            "buckets",
            "table",
            "metric",
            "legs",
            "via",
            "weight",
            "wieght",
            "id",
            "port",
            "tcp",
            "http",
            "checks",
            "require",
            "interval",
            "timeout",
            "source",
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
