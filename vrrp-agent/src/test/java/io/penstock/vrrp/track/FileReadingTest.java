package io.penstock.vrrp.track;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class FileReadingTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "17, 17",
        "+17, 17",
        "-50, -50",
        "'-50\n', -50",
        "'  -50 \r\n\n', -50",
        "007, 7",
        "-254, -254",
        "254, 254",
        "255, 255",
        "-255, -255",
        "9999, 255",
        "-9999, -255",
        "99999999999999999999, 255",
        "-99999999999999999999, -255",
    })
    void shouldReadNumber(String text, int number) throws Exception {
        assertEquals(new FileReading(number, "says " + number), FileReading.of(file(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "-", "+", "--5", "5 6", "5\n6", "1.5", "0x10", "5;", "\u0665"})
    void shouldTakeForZeroWhatIsNoNumber(String text) throws Exception {
        assertEquals(
                new FileReading(0, "has something else than a number in it, which counts as 0"),
                FileReading.of(file(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  \n"})
    void shouldTakeEmptyFileForZero(String text) throws Exception {
        assertEquals(new FileReading(0, "is empty, which counts as 0"), FileReading.of(file(text)));
    }

    @Test
    void shouldNotReadMoreThanANumberCanBe() throws Exception {
        assertEquals(
                new FileReading(0, "has something else than a number in it, which counts as 0"),
                FileReading.of(file("7" + " ".repeat(100))));
    }

    @Test
    void shouldTakeForZeroWhatIsNotThere() {
        assertEquals(
                new FileReading(0, "is not there, which counts as 0"), FileReading.of(directory.resolve("nowhere")));
        assertEquals(
                new FileReading(0, "is not there, which counts as 0"),
                FileReading.of(directory.resolve("nowhere/file")));
    }

    /** Nobody writes to the pipe, and nobody is waited for. */
    @Test
    void shouldNotReadWhatIsNoFile() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (Path other : new Path[] {pipe, directory, Path.of("/dev/zero")}) {
            assertEquals(new FileReading(0, "is not a file, which counts as 0"), FileReading.of(other));
        }
    }

    @Test
    void shouldFollowSymlink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file("-3"));
        assertEquals(-3, FileReading.of(link).number());
        Files.delete(directory.resolve("number"));
        assertEquals("is not there, which counts as 0", FileReading.of(link).evidence());
    }

    private Path file(String text) throws Exception {
        return Files.writeString(directory.resolve("number"), text);
    }
}
