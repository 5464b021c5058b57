package io.penstock.vrrp.keepalived;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A keyword, what follows it on its line, and its block.
 *
 * @param block empty when there is none: no braces
 */
record Statement(Word keyword, List<Word> arguments, Optional<List<Statement>> block) {
    Statement {
        arguments = List.copyOf(arguments);
        block = block.map(List::copyOf);
    }

    String name() {
        return keyword.text();
    }

    Place place() {
        return keyword.place();
    }

    List<Statement> inner() {
        return block.orElse(List.of());
    }

    /** Of this place among the arguments, from 0. */
    Optional<Word> argument(int index) {
        return index < arguments.size() ? Optional.of(arguments.get(index)) : Optional.empty();
    }

    /** All words of the line, the keyword too: for lists, whose entries have none. */
    List<Word> words() {
        return Stream.concat(Stream.of(keyword), arguments.stream()).toList();
    }

    /** The last inner statement of this name, which is the one that counts. */
    Optional<Statement> last(String name) {
        Predicate<Statement> named = statement -> statement.name().equals(name);
        return inner().stream().filter(named).reduce((first, second) -> second);
    }
}
