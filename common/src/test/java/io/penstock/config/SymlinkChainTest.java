package io.penstock.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entries in whose directories a change of what a path leads to is seen. */
class SymlinkChainTest {
    @TempDir
    Path temporary;

    /** Without symlinks of the host's own on the way. */
    private Path directory;

    @BeforeEach
    void resolve() throws IOException {
        directory = temporary.toRealPath();
    }

    private Path link(String name, String target) throws IOException {
        return Files.createSymbolicLink(directory.resolve(name), Path.of(target));
    }

    @Test
    void shouldBeTheFileItselfWithoutSymlinks() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertEquals(Set.of(file), SymlinkChain.of(file));
        Path absent = directory.resolve("absent");
        assertEquals(Set.of(absent), SymlinkChain.of(absent), "it may come");
    }

    @Test
    void shouldStopAtTheFirstDirectoryThatDoesNotExist() {
        assertEquals(Set.of(directory.resolve("no")), SymlinkChain.of(directory.resolve("no/such/file")));
    }

    @Test
    void shouldFollowRelativeAndAbsoluteTargets() throws Exception {
        Path file = Files.createFile(
                Files.createDirectory(directory.resolve("real")).resolve("file"));
        Path absolute = link("absolute", file.toString());
        Path relative = link("relative", "real/../absolute");
        assertEquals(Set.of(relative, absolute, file), SymlinkChain.of(relative));
    }

    /** {@code file -> ..data/file}, {@code ..data -> ..v1}: both are replaced when the volume is. */
    @Test
    void shouldHaveEverySymlinkOfAKubernetesVolume() throws Exception {
        Path target = Files.createFile(
                Files.createDirectory(directory.resolve("..v1")).resolve("file"));
        Path data = link("..data", "..v1");
        Path file = link("file", "..data/file");
        assertEquals(Set.of(file, data, target), SymlinkChain.of(file));
    }

    @Test
    void shouldHaveWhereADanglingSymlinkLeadsTo() throws Exception {
        Path link = link("link", "absent");
        assertEquals(Set.of(link, directory.resolve("absent")), SymlinkChain.of(link));
    }

    @Test
    void shouldEndInALoop() throws Exception {
        Path one = link("one", "two");
        Path two = link("two", "one");
        assertTrue(Set.of(one, two).containsAll(SymlinkChain.of(one)));
    }
}
