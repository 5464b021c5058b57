package io.penstock.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build's step that compiles for the kernel, with a PATH of the test's own and a compiler that only writes down what it is told. */
class CompileScriptTest {
    private static final Path SCRIPT = Path.of("src/main/bpf/compile").toAbsolutePath();
    private static final List<String> TOOLS =
            List.of("basename", "cat", "dirname", "find", "head", "mkdir", "mv", "touch", "uname");
    private static final int LIMIT_S = 20;

    @TempDir
    Path directory;

    private Path bin;
    private Path sources;
    private Path objects;

    private record Outcome(int code, String output) {}

    @BeforeEach
    void make() throws Exception {
        bin = Files.createDirectory(directory.resolve("bin"));
        for (String tool : TOOLS) {
            makeProgram(tool, "PATH=/usr/bin:/bin exec " + tool + " \"$@\"");
        }
        sources = Files.createDirectory(directory.resolve("sources"));
        objects = directory.resolve("objects");
        for (String name : List.of("one.bpf.c", "two.bpf.c", "shared.h")) {
            Path source = Files.createFile(sources.resolve(name));
            Files.setLastModifiedTime(source, FileTime.from(Instant.EPOCH));
        }
        Path script = Files.copy(SCRIPT, sources.resolve("compile"));
        Files.setLastModifiedTime(script, FileTime.from(Instant.EPOCH));
    }

    private void makeProgram(String name, String commands) throws Exception {
        Path program = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Writes the name of the source to a list, and makes the object. */
    private void makeRecordingCompiler(String name) throws Exception {
        makeProgram(name, """
                while [ $# -gt 0 ]; do
                    case $1 in
                        -c) echo "${2##*/}" >>"$RECORD" ;;
                        -o) touch "$2" ;;
                        -) cat >/dev/null ;;
                    esac
                    shift
                done""");
    }

    private Outcome compile() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/sh", sources.resolve("compile").toString(), objects.toString())
                .redirectErrorStream(true)
                .directory(directory.toFile());
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("RECORD", record().toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS));
        return new Outcome(process.exitValue(), output);
    }

    private Path record() {
        return directory.resolve("compiled");
    }

    @Test
    void shouldSayThatThereIsNoClang() throws Exception {
        assertEquals(
                new Outcome(
                        1,
                        "error: no clang, which compiles the XDP programs: install clang"
                                + " (Debian, Ubuntu: apt-get install clang libbpf-dev)\n"),
                compile());
    }

    @Test
    void shouldSayThatThereAreNoHeaders() throws Exception {
        makeProgram("clang-16", "exit 1");
        assertEquals(
                new Outcome(
                        1,
                        "error: no headers of libbpf (bpf/bpf_helpers.h): install libbpf-dev"
                                + " (Debian, Ubuntu: apt-get install libbpf-dev)\n"),
                compile());
    }

    @Test
    void shouldFailWhenASourceDoesNotCompile() throws Exception {
        makeProgram("clang", "case $* in *-fsyntax-only*) cat >/dev/null ;; *) echo 'a mistake' >&2; exit 1 ;; esac");
        Outcome outcome = compile();
        assertEquals(1, outcome.code());
        assertEquals("a mistake\nerror: " + sources.resolve("one.bpf.c") + " does not compile\n", outcome.output());
    }

    @Test
    void shouldCompileOnlyWhatIsOlderThanItsSources() throws Exception {
        makeRecordingCompiler("clang-14");
        assertEquals(new Outcome(0, ""), compile());
        assertEquals(List.of("one.bpf.c", "two.bpf.c"), Files.readAllLines(record()));
        assertEquals(new Outcome(0, ""), compile());
        assertEquals(2, Files.readAllLines(record()).size());

        Files.delete(objects.resolve("two.bpf.o"));
        compile();
        assertEquals(List.of("one.bpf.c", "two.bpf.c", "two.bpf.c"), Files.readAllLines(record()));

        Files.setLastModifiedTime(
                sources.resolve("shared.h"), FileTime.from(Instant.now().plusSeconds(2)));
        compile();
        assertEquals(5, Files.readAllLines(record()).size());
    }
}
