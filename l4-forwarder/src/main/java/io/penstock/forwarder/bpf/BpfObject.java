package io.penstock.forwarder.bpf;

import io.penstock.linux.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What clang made of one C file: maps and programs. Opened, told where its maps are pinned and how large they are, then
 * loaded; only then there are {@link #map} and {@link #program}. {@link #close} closes them all; what is pinned or attached
 * stays in the kernel.
 */
public final class BpfObject implements AutoCloseable {
    private static final String DIRECTORY = "/io/penstock/forwarder/xdp/";

    /** Of one program's verifier; what it says last is what it did not like. */
    private static final int LOG_BYTES = 1 << 20;

    private static final int LOG_LINES = 12;

    private final String name;
    private final Libbpf.Calls calls;
    private final long object;
    /** libbpf reads from it until the programs are loaded. */
    private final UnsafeBuffer elf;

    private final Map<String, Long> maps = new LinkedHashMap<>();
    private final Map<String, Long> programs = new LinkedHashMap<>();
    private final Map<String, Path> pins = new LinkedHashMap<>();
    private boolean closed;

    private BpfObject(String name, UnsafeBuffer elf, Libbpf.Calls calls) throws BpfException {
        this.name = name;
        this.elf = elf;
        this.calls = calls;
        object = Libbpf.pointer(
                calls.bpf_object__open_mem(elf.addressOffset(), elf.capacity(), 0), "cannot open " + name);
        for (long map = calls.bpf_object__next_map(object, 0);
                map != 0;
                map = calls.bpf_object__next_map(object, map)) {
            maps.put(calls.bpf_map__name(map), map);
        }
        for (long program = calls.bpf_object__next_program(object, 0);
                program != 0;
                program = calls.bpf_object__next_program(object, program)) {
            programs.put(calls.bpf_program__name(program), program);
        }
    }

    /**
     * One that the build has put beside the classes of {@code io.penstock.forwarder.xdp}.
     *
     * @param resource a file name, such as {@code penstock.bpf.o}
     * @throws BpfException when libbpf is not there or does not understand the file
     */
    public static BpfObject open(String resource) throws BpfException {
        try (InputStream in = BpfObject.class.getResourceAsStream(DIRECTORY + resource)) {
            if (in == null) {
                throw new BpfException(resource + " is not in this program: it was built without clang");
            }
            return open(resource, in.readAllBytes());
        } catch (IOException e) {
            throw new BpfException("cannot read " + resource + " of this program: " + e.getMessage());
        }
    }

    /**
     * One that is in memory.
     *
     * @param name for messages
     */
    public static BpfObject open(String name, byte[] elf) throws BpfException {
        return new BpfObject(name, Memory.copyOf(elf), Libbpf.calls());
    }

    /**
     * Before {@link #load}: each map will be the one pinned in that directory by its own name, or a new one that is pinned
     * there. Maps that clang made of global variables are always new, as they hold what a program was compiled with.
     *
     * @param directory of a bpffs, see {@link BpfPins}
     */
    public void pin(Path directory) throws BpfException {
        for (Map.Entry<String, Long> map : maps.entrySet()) {
            if (!calls.bpf_map__is_internal(map.getValue())) {
                pin(map.getKey(), directory.resolve(map.getKey()));
            }
        }
    }

    /** Before {@link #load}: that map will be the one pinned there, or a new one that is pinned there. */
    public void pin(String map, Path pin) throws BpfException {
        BpfException.check(calls.bpf_map__set_pin_path(handle(maps, map, "map"), pin.toString()), "cannot pin " + map);
        pins.put(map, pin);
    }

    /** Before {@link #load}: how many elements the map may have. */
    public void entries(String map, int entries) throws BpfException {
        BpfException.check(
                calls.bpf_map__set_max_entries(handle(maps, map, "map"), entries),
                "map " + map + " cannot have " + entries + " entries");
    }

    /** What the map is made like, or was. */
    public MapShape shape(String map) {
        long handle = handle(maps, map, "map");
        return new MapShape(
                calls.bpf_map__type(handle),
                calls.bpf_map__key_size(handle),
                calls.bpf_map__value_size(handle),
                calls.bpf_map__max_entries(handle),
                calls.bpf_map__map_flags(handle));
    }

    /**
     * Makes or takes the maps, and has the kernel verify the programs. On an error nothing new is pinned.
     *
     * @throws BpfException whose message ends with what the verifier said last, when it was the verifier
     */
    public void load() throws BpfException {
        checkPinned();
        Map<String, UnsafeBuffer> logs = new LinkedHashMap<>();
        for (Map.Entry<String, Long> program : programs.entrySet()) {
            UnsafeBuffer log = Memory.zeroed(LOG_BYTES);
            logs.put(program.getKey(), log);
            calls.bpf_program__set_log_buf(program.getValue(), log.addressOffset(), LOG_BYTES);
        }
        int result = 0;
        try {
            result = calls.bpf_object__load(object);
        } finally {
            // The buffers, and the file itself, must not be freed while libbpf uses them.
            Reference.reachabilityFence(logs);
            Reference.reachabilityFence(elf);
        }
        for (long program : programs.values()) {
            calls.bpf_program__set_log_buf(program, 0, 0);
        }
        if (result < 0) {
            throw BpfException.because("cannot load " + name, why(result, logs), result);
        }
    }

    /** libbpf says only that something does not fit; and what is pinned is somebody's who still forwards with it. */
    private void checkPinned() throws BpfException {
        List<String> others = new ArrayList<>();
        for (Map.Entry<String, Path> pin : pins.entrySet()) {
            if (Files.exists(pin.getValue())) {
                try (BpfMap pinned = BpfMap.openPinned(pin.getValue())) {
                    MapShape wanted = shape(pin.getKey());
                    if (!wanted.equals(pinned.shape())) {
                        others.add(pin.getValue() + " is " + pinned.shape() + ", this version needs " + wanted);
                    }
                }
            }
        }
        if (!others.isEmpty()) {
            throw BpfException.because(
                    "cannot load " + name,
                    "maps of another shape are pinned, refused; what is attached keeps running: "
                            + String.join("; ", others),
                    -Errno.EINVAL);
        }
    }

    private String why(int result, Map<String, UnsafeBuffer> logs) {
        for (Map.Entry<String, UnsafeBuffer> log : logs.entrySet()) {
            List<String> lines = VerifierLog.lastLines(log.getValue(), LOG_LINES);
            if (!lines.isEmpty()) {
                return "the kernel's verifier refused program " + log.getKey() + " (" + BpfException.reason(-result)
                        + ")\n" + lines.stream().map(line -> "  " + line).collect(Collectors.joining("\n"));
            }
        }
        return BpfException.reason(-result);
    }

    /** After {@link #load}. */
    public BpfMap map(String map) throws BpfException {
        return BpfMap.ofObject(map, calls.bpf_map__fd(handle(maps, map, "map")));
    }

    /** After {@link #load}. */
    public BpfProgram program(String program) throws BpfException {
        int fd = BpfException.check(
                calls.bpf_program__fd(handle(programs, program, "program")), "program " + program + " is not loaded");
        return new BpfProgram(program, fd);
    }

    private long handle(Map<String, Long> handles, String wanted, String what) {
        Long handle = handles.get(wanted);
        if (handle == null) {
            throw new IllegalArgumentException(name + " has no " + what + " " + wanted);
        }
        return handle;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.bpf_object__close(object);
        }
    }
}
