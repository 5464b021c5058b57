package io.penstock.vrrp.keepalived;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code vrrp_script} and {@code track_file} blocks, and the tracks that instances make of them. */
final class TrackTable {
    private static final List<String> PROGRAM_DIRECTORIES =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");
    private static final String SHELL_CHARACTERS = "<>|&;$`*?~()'\"\\";

    /** Programs that look for processes, or signal them. */
    private static final Pattern PROCESSES =
            Pattern.compile("(?:^|[\\s/(;&|])(?:killall|pkill|pidof|pgrep|ps|kill)\\s");

    private static final long DEFAULT_INTERVAL_MS = 1_000;

    private final Numbers numbers;
    private final Remarks remarks;
    private final Map<String, Statement> scripts = new HashMap<>();
    private final Map<String, Statement> files = new HashMap<>();

    TrackTable(Numbers numbers, Remarks remarks) {
        this.numbers = numbers;
        this.remarks = remarks;
    }

    void addScript(Statement block) {
        block.argument(0).ifPresent(name -> scripts.put(name.text(), block));
    }

    void addFile(Statement block) {
        block.argument(0).ifPresent(name -> files.put(name.text(), block));
    }

    /** The entries of {@code track} for all {@code track_...} blocks within an instance or a group. */
    List<Map<String, Object>> tracks(Statement owner) {
        List<Map<String, Object>> tracks = new ArrayList<>();
        for (Statement block : owner.inner()) {
            switch (block.name()) {
                case "track_interface" -> block.inner().forEach(entry -> tracks.add(interfaceTrack(entry)));
                case "track_script" ->
                    block.inner().forEach(entry -> script(entry).ifPresent(tracks::add));
                case "track_file" -> block.inner().forEach(entry -> file(entry).ifPresent(tracks::add));
                case "track_process", "track_bfd" ->
                    remarks.different(
                            block.place(),
                            block.name()
                                    + " is not offered: a program can check as much, with track: [ { exec: ... } ]");
                default -> {
                    // Not a track.
                }
            }
        }
        return tracks;
    }

    /** What a track is about: a router follows each thing once. */
    static Object subject(Map<?, ?> track) {
        return Stream.of("name", "interface", "file")
                .filter(track::containsKey)
                .map(track::get)
                .findFirst()
                .orElseThrow();
    }

    private Map<String, Object> interfaceTrack(Statement entry) {
        Map<String, Object> track = new LinkedHashMap<>();
        track.put("interface", entry.name());
        weight(entry, Optional.empty()).ifPresent(weight -> track.put("weight", weight));
        return track;
    }

    private Optional<Map<String, Object>> script(Statement entry) {
        Statement script = scripts.get(entry.name());
        Optional<Word> command =
                script == null ? Optional.empty() : script.last("script").flatMap(line -> line.argument(0));
        if (command.isEmpty()) {
            remarks.different(entry.place(), "no vrrp_script of this name has a script: " + entry.name());
            return Optional.empty();
        }
        script.last("script")
                .flatMap(line -> line.argument(1))
                .ifPresent(word -> remarks.different(
                        word.place(), "not within the quotes, so no part of the script: " + word.text()));
        if (PROCESSES.matcher(command.get().text()).find()) {
            remarks.different(
                    command.get().place(),
                    "under the unit it is not root, and sees no processes of others: checks of what they serve, such as tcp or http, do");
        }
        Map<String, Object> track = new LinkedHashMap<>();
        track.put("name", entry.name());
        track.put("exec", Map.of("command", command(command.get())));
        long interval = milliseconds(script, "interval", DEFAULT_INTERVAL_MS);
        track.put("interval", Numbers.text(interval));
        track.put("timeout", Numbers.text(timeout(script, interval)));
        track.put("rise", script.last("rise").flatMap(numbers::integer).orElse(1));
        track.put("fall", script.last("fall").flatMap(numbers::integer).orElse(1));
        weight(entry, script.last("weight")).ifPresent(weight -> track.put("weight", weight));
        for (Statement line : script.inner()) {
            if (line.name().equals("user")) {
                remarks.different(line.place(), "checks run as the user of the agent");
            } else if (line.name().equals("init_fail")) {
                track.put("initial", "fully-down");
            }
        }
        return Optional.of(track);
    }

    /** The next check begins when this one has had its time. */
    private long timeout(Statement script, long interval) {
        long timeout = milliseconds(script, "timeout", interval);
        if (timeout > interval) {
            remarks.different(
                    script.last("timeout").orElse(script).place(),
                    "a check that takes longer than the interval of " + Numbers.text(interval) + " has failed here");
        }
        return Math.min(timeout, interval);
    }

    private Optional<Map<String, Object>> file(Statement entry) {
        Statement file = files.get(entry.name());
        Optional<Word> path =
                file == null ? Optional.empty() : file.last("file").flatMap(line -> line.argument(0));
        if (path.isEmpty()) {
            remarks.different(entry.place(), "no track_file of this name has a file: " + entry.name());
            return Optional.empty();
        }
        Map<String, Object> track = new LinkedHashMap<>();
        track.put("file", path.get().text());
        weight(entry, file.last("weight")).ifPresent(weight -> track.put("weight", weight));
        return Optional.of(track);
    }

    /** Of the entry, {@code NAME weight N}, else the one that its definition has; 0 means a fault, and so does none. */
    private Optional<Integer> weight(Statement entry, Optional<Statement> definition) {
        List<Word> words = entry.arguments();
        if (words.size() >= 2 && words.get(0).text().equals("weight")) {
            reverse(words, 2);
            return numbers.integer(words.get(1)).filter(weight -> weight != 0);
        }
        definition.ifPresent(statement -> reverse(statement.arguments(), 1));
        return definition.flatMap(numbers::integer).filter(weight -> weight != 0);
    }

    private void reverse(List<Word> words, int at) {
        if (words.size() > at && words.get(at).text().equals("reverse")) {
            remarks.different(words.get(at).place(), "reverse is not offered: the check has to say the opposite");
        }
    }

    private long milliseconds(Statement script, String name, long otherwise) {
        return script.last(name)
                .flatMap(line -> line.argument(0))
                .flatMap(numbers::milliseconds)
                .orElse(otherwise);
    }

    /** Without a shell where it needs none. */
    private List<String> command(Word script) {
        String text = script.text().strip();
        if (text.chars().anyMatch(character -> SHELL_CHARACTERS.indexOf(character) >= 0)) {
            String shell = text.contains("/dev/tcp/") ? "/bin/bash" : "/bin/sh";
            return List.of(shell, "-c", text);
        }
        List<String> words = new ArrayList<>(List.of(text.split("\\s+")));
        words.set(0, program(script, words.get(0)));
        return words;
    }

    private String program(Word script, String name) {
        if (name.startsWith("/")) {
            return name;
        }
        for (String directory : PROGRAM_DIRECTORIES) {
            if (Files.isExecutable(Path.of(directory, name))) {
                return directory + "/" + name;
            }
        }
        remarks.different(script.place(), "not found on this machine, taken for /usr/bin/" + name);
        return "/usr/bin/" + name;
    }
}
