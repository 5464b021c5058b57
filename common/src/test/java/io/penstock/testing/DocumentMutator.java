package io.penstock.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes a document in the ways a person does: a value, a key, an entry too many or too few. */
public final class DocumentMutator {
    private final List<JsonNode> values;
    private final List<String> keys;

    private final Random random;

    /**
     * One that does the same again with the same seed.
     *
     * @param values what anyone might write anywhere: right in some places, wrong in most
     */
    public DocumentMutator(List<JsonNode> values, List<String> keys, long seed) {
        this.values = values;
        this.keys = keys;
        random = new Random(seed);
    }

    /** One change. */
    public void mutate(ObjectNode document) {
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
            object.set(pick(keys), object.remove(pick(names)));
        } else if (way == 2) {
            object.set(pick(keys), pick(values).deepCopy());
        } else {
            object.set(pick(names), pick(values).deepCopy());
        }
    }

    private void mutateArray(ArrayNode array) {
        int way = array.isEmpty() ? 1 : random.nextInt(3);
        if (way == 0) {
            array.remove(random.nextInt(array.size()));
        } else if (way == 1) {
            array.add(pick(values).deepCopy());
        } else {
            array.set(random.nextInt(array.size()), pick(values).deepCopy());
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
