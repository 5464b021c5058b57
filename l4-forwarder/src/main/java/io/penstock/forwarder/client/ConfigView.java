package io.penstock.forwarder.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.penstock.cli.Table;
import io.penstock.cli.Words;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** A configuration as YAML, in the order in which the forwarder says it. */
final class ConfigView {
    private static final DumpSettings BLOCKS =
            DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();

    private ConfigView() {}

    static void print(JsonObject answer, PrintWriter out) {
        out.println("# " + Words.text(answer, "file") + ", as it runs");
        Words.texts(answer, "differences").forEach(line -> out.println("# differs: " + line));
        out.print(new Dump(BLOCKS).dumpToString(plain(Words.object(answer, "config"))));
    }

    private static Object plain(JsonElement element) {
        if (element instanceof JsonObject object) {
            Map<String, Object> map = new LinkedHashMap<>();
            object.asMap().forEach((key, value) -> map.put(Table.printable(key), plain(value)));
            return map;
        }
        if (element.isJsonArray()) {
            List<Object> list = element.getAsJsonArray().asList().stream()
                    .map(ConfigView::plain)
                    .toList();
            return list;
        }
        if (element instanceof JsonPrimitive value && !value.isString()) {
            return value.isBoolean() ? (Object) value.getAsBoolean() : number(value);
        }
        return element.isJsonNull() ? "" : Table.printable(element.getAsString());
    }

    private static Object number(JsonPrimitive value) {
        double number = value.getAsDouble();
        return number == Math.rint(number) ? (Object) value.getAsLong() : (Object) number;
    }
}
