package io.penstock.sysctl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What settings were before they were changed, in a file that outlives the process but not the kernel: the first line says which boot
 * it is of, and each line behind it a name, the value to put back, and the value that was set.
 */
final class SysctlMemory {
    private static final String BOOT = "boot";
    private static final int WORDS = 3;

    private final Path file;
    private final String bootId;

    /** @param bootId of the running kernel */
    SysctlMemory(Path file, String bootId) {
        this.file = file;
        this.bootId = bootId;
    }

    /**
     * A setting that is held.
     *
     * @param original to be put back
     * @param ours what was set instead
     */
    record Held(String original, String ours) {}

    Path file() {
        return file;
    }

    /** Empty when there is no such file, or it is of another boot, or not of this form. */
    Map<String, Held> load() throws IOException {
        Map<String, Held> held = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return held;
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        if (lines.isEmpty() || !lines.get(0).equals(BOOT + " " + bootId)) {
            return held;
        }
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", -1);
            if (words.length == WORDS) {
                held.put(words[0], new Held(words[1], words[2]));
            }
        }
        return held;
    }

    /** All of it or, when this fails, what was there before; nothing to remember leaves no file. */
    void store(Map<String, Held> held) throws IOException {
        if (held.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add(BOOT + " " + bootId);
        held.forEach((key, one) -> lines.add(key + " " + one.original() + " " + one.ours()));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path temporary = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.write(temporary, lines);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
