package io.penstock.perf.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.Help.Ansi;

final class ReportTest {
    private static final int COLUMNS_MAX = 100;
    private static final SyscallFigures SYSCALLS = new SyscallFigures(1_234.5, 1_000);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(Workload.class)
    void shouldFitAHundredColumns(Workload workload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new Report(new PrintStream(bytes, true, StandardCharsets.UTF_8), Ansi.OFF)
                .print(Results.of(workload, SYSCALLS, 12.3, 45.6));
        bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> assertTrue(line.length() <= COLUMNS_MAX, () -> line.length() + ": " + line));
    }

    @Test
    void shouldWriteThePageWithAChartPerWorkload() throws IOException {
        List<WorkloadResult> results = List.of(
                Results.of(Workload.CONNECT, SYSCALLS, 1, 2, 3), Results.of(Workload.LATENCY_30, SYSCALLS, 1, 2, 3));
        Report.write(directory, results, Map.of("CPU", "a fast one"));

        String page = Files.readString(directory.resolve("compare.md"));
        assertTrue(page.contains("| CPU | a fast one |"), page);
        assertTrue(page.contains("![connect](compare/connect.svg)"), page);
        for (String chart : List.of("connect", "latency-30")) {
            String svg = Files.readString(directory.resolve("compare/" + chart + ".svg"));
            assertTrue(svg.contains("<svg"), svg);
            assertTrue(svg.contains("haproxy-tuned"), svg);
        }
    }

    @Test
    void shouldShowThreeDigitsThatCount() {
        assertEquals("0.99", Numbers.shortly(0.994));
        assertEquals("12.3", Numbers.shortly(12.34));
        assertEquals("100", Numbers.shortly(99.96));
        assertEquals("1,235", Numbers.shortly(1_234.6));
        assertEquals("65.3k", Numbers.shortly(65_321));
        assertEquals("-", Numbers.shortly(Double.NaN));
    }
}
