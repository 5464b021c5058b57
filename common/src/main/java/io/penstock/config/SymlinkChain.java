package io.penstock.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/** The directory entries that decide what a path leads to. */
final class SymlinkChain {
    /** As many as Linux follows (path_resolution(7)). */
    private static final int MAX_LINKS = 40;

    private SymlinkChain() {}

    /**
     * Every symlink on the way, each where it stands, and the entry at the end, or the first that does not exist: when
     * none of them changes, and the last one's content neither, the path leads to the same.
     */
    static Set<Path> of(Path file) {
        Set<Path> entries = new LinkedHashSet<>();
        Deque<Path> names = new ArrayDeque<>();
        Path at = Path.of("/");
        file.toAbsolutePath().forEach(names::addLast);
        for (int links = 0; !names.isEmpty(); ) {
            Path entry = at.resolve(names.removeFirst()).normalize();
            if (Files.isSymbolicLink(entry) && links++ < MAX_LINKS) {
                entries.add(entry);
                Path target = target(entry);
                push(names, target);
                at = target.isAbsolute() ? Path.of("/") : at;
            } else if (names.isEmpty() || !Files.isDirectory(entry)) {
                entries.add(entry);
                return entries;
            } else {
                at = entry;
            }
        }
        return entries;
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException goneMeanwhile) {
            return Path.of("");
        }
    }

    private static void push(Deque<Path> names, Path target) {
        for (int i = target.getNameCount() - 1; i >= 0; i--) {
            names.addFirst(target.getName(i));
        }
    }
}
