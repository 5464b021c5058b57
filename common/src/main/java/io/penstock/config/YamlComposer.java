package io.penstock.config;

import static org.snakeyaml.engine.v2.events.Event.ID.MappingEnd;
import static org.snakeyaml.engine.v2.events.Event.ID.SequenceEnd;

import io.penstock.config.YamlNode.Entry;
import io.penstock.config.YamlNode.Mapping;
import io.penstock.config.YamlNode.Scalar;
import io.penstock.config.YamlNode.ScalarType;
import io.penstock.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * One text, composed once: the parser's events as a tree. Ours and not the library's composer, because that one recurses
 * as deep as the file nests, lets a node contain itself, and leaves the expansion of aliases unbounded.
 */
final class YamlComposer {
    static final int MAX_DEPTH = 64;

    /** A file without aliases never comes near; a few lines of aliases to aliases would. */
    static final long MAX_EXPANDED_NODES = 1_000_000;

    private static final int MIN_BUFFER_CHARS = 1024;
    private static final ScalarResolver SCALARS = new CoreSchema().getScalarResolver();
    private static final Map<Tag, ScalarType> TYPES = Map.of(
            Tag.INT, ScalarType.INTEGER,
            Tag.FLOAT, ScalarType.FLOAT,
            Tag.BOOL, ScalarType.BOOLEAN,
            Tag.NULL, ScalarType.NOTHING);

    private final String text;
    private final Iterator<Event> events;
    /** Empty while the anchored node is still being composed, and so cannot be part of itself. */
    private final Map<Anchor, Optional<YamlNode>> anchored = new HashMap<>();

    private long aliasedNodes;

    private YamlComposer(String text) {
        this.text = text;
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                // The bytes of the file are bounded already.
                .setCodePointLimit(Integer.MAX_VALUE)
                // The reader's window must hold a scalar; growing it 1024 at a time is quadratic for a long one.
                .setBufferSize(Math.max(MIN_BUFFER_CHARS, text.length()))
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    static YamlNode compose(String text) throws RejectedYamlException {
        try {
            return new YamlComposer(text).document();
        } catch (MarkedYamlEngineException syntax) {
            throw YamlSyntax.rejected(syntax, text);
        } catch (RuntimeException parserGaveUp) {
            // Seen for an escape beyond Unicode, "\\UFFFFFFFF": bad input, which must not look like a bug of ours.
            throw new RejectedYamlException(
                    Position.START, "must be YAML", "a file the parser gave up on: " + parserGaveUp.getMessage());
        }
    }

    private YamlNode document() throws RejectedYamlException {
        events.next(); // start of the stream
        Event first = events.next();
        if (first.getEventId() == Event.ID.StreamEnd) {
            throw new RejectedYamlException(Position.START, "must hold a configuration", "an empty file");
        }
        YamlNode root = node(events.next(), 0);
        events.next(); // end of the document
        Event after = events.next();
        if (after.getEventId() != Event.ID.StreamEnd) {
            throw new RejectedYamlException(at(after), "must be one document", "a second document");
        }
        return root;
    }

    private YamlNode node(Event event, int depth) throws RejectedYamlException {
        if (depth > MAX_DEPTH) {
            throw new RejectedYamlException(at(event), "must nest at most " + MAX_DEPTH + " levels", "deeper");
        }
        if (event instanceof AliasEvent alias) {
            return aliased(alias);
        }
        Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
        anchor.ifPresent(name -> anchored.put(name, Optional.empty()));
        YamlNode node = content(event, depth);
        anchor.ifPresent(name -> anchored.put(name, Optional.of(node)));
        return node;
    }

    private YamlNode content(Event event, int depth) throws RejectedYamlException {
        if (event instanceof ScalarEvent scalar) {
            refuseTag(scalar, scalar.getTag());
            return scalar(scalar);
        }
        if (event instanceof SequenceStartEvent sequence) {
            refuseTag(sequence, sequence.getTag());
            return sequence(sequence, depth);
        }
        MappingStartEvent mapping = (MappingStartEvent) event;
        refuseTag(mapping, mapping.getTag());
        return mapping(mapping, depth);
    }

    private static Scalar scalar(ScalarEvent event) {
        ScalarType type = event.getScalarStyle() == ScalarStyle.PLAIN
                ? TYPES.getOrDefault(SCALARS.resolve(event.getValue(), true), ScalarType.TEXT)
                : ScalarType.TEXT;
        return new Scalar(at(event), event.getValue(), type);
    }

    private Sequence sequence(SequenceStartEvent start, int depth) throws RejectedYamlException {
        List<YamlNode> items = new ArrayList<>();
        long nodes = 1;
        for (Event event = events.next(); event.getEventId() != SequenceEnd; event = events.next()) {
            YamlNode item = node(event, depth + 1);
            items.add(item);
            nodes += item.expandedNodes();
        }
        return new Sequence(at(start), items, nodes);
    }

    private Mapping mapping(MappingStartEvent start, int depth) throws RejectedYamlException {
        List<Entry> entries = new ArrayList<>();
        long nodes = 1;
        for (Event event = events.next(); event.getEventId() != MappingEnd; event = events.next()) {
            YamlNode key = node(event, depth + 1);
            if (!(key instanceof Scalar scalarKey)) {
                throw new RejectedYamlException(
                        at(event), "a key must be a word; quote text that starts with [ or {", "a list or mapping");
            }
            YamlNode value = node(events.next(), depth + 1);
            entries.add(new Entry(new Scalar(at(event), scalarKey.text(), scalarKey.type()), value));
            nodes += 1 + value.expandedNodes();
        }
        return new Mapping(at(start), entries, nodes);
    }

    private YamlNode aliased(AliasEvent alias) throws RejectedYamlException {
        String name = "*" + alias.getAlias();
        Optional<YamlNode> target = anchored.get(alias.getAlias());
        if (target == null) {
            throw new RejectedYamlException(
                    at(alias), "an alias must name an earlier &anchor" + YamlSyntax.quotingHint(text, at(alias)), name);
        }
        if (target.isEmpty()) {
            throw new RejectedYamlException(at(alias), "an alias must not contain itself", name);
        }
        aliasedNodes += target.get().expandedNodes();
        if (aliasedNodes > MAX_EXPANDED_NODES) {
            throw new RejectedYamlException(
                    at(alias), "aliases must not repeat more than " + MAX_EXPANDED_NODES + " nodes", name);
        }
        return target.get();
    }

    private static void refuseTag(Event event, Optional<String> tag) throws RejectedYamlException {
        if (tag.isPresent()) {
            throw new RejectedYamlException(at(event), "must not use YAML tags", tag.get());
        }
    }

    private static Position at(Event event) {
        return event.getStartMark().map(Position::of).orElse(Position.START);
    }
}
