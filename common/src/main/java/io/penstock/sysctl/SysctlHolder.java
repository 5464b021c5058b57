package io.penstock.sysctl;

import io.penstock.netlink.Sysctls;
import io.penstock.sysctl.SysctlMemory.Held;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Sets what an agent needs of the kernel, and puts back what was there before: at the end, or when the next run ends if this one is
 * killed. What someone else has set meanwhile stays, and is what is put back from then on. NOT thread safe.
 */
public final class SysctlHolder {
    private static final String BOOT_ID = "kernel.random.boot_id";
    private static final Path NAMESPACE = Path.of("/proc/thread-self/ns/net");

    private final Sysctls sysctls;
    private final SysctlMemory memory;
    private final Map<String, Held> held;

    private SysctlHolder(Sysctls sysctls, SysctlMemory memory) throws IOException {
        this.sysctls = sysctls;
        this.memory = memory;
        this.held = memory.load();
    }

    /**
     * Of the network namespace of the calling thread; takes over what a former run there has not put back.
     *
     * @param stateDirectory where to remember it, made when it is needed; may be shared with other agents
     * @param program the agent's name
     * @param protocol its number, which no other of that name in the namespace has
     * @throws IOException if what was remembered cannot be read
     */
    public static SysctlHolder open(Sysctls sysctls, Path stateDirectory, String program, int protocol)
            throws IOException {
        // "net:[4026531840]": its inode names a namespace for as long as it is there.
        String inode = Files.readSymbolicLink(NAMESPACE).toString().replaceAll("\\D", "");
        Path file = stateDirectory.resolve(program + "-" + inode + "-" + protocol + ".sysctls");
        return new SysctlHolder(sysctls, new SysctlMemory(file, sysctls.read(BOOT_ID)));
    }

    /**
     * Holds these and no others: sets what is not so, and puts back what is not wanted any more.
     *
     * @return what went wrong, for people; the others are held nevertheless
     */
    public List<String> hold(Map<String, String> wanted) {
        List<String> problems = new ArrayList<>();
        for (String key : new TreeSet<>(held.keySet())) {
            if (!wanted.containsKey(key)) {
                putBack(key, problems);
            }
        }
        set(wanted, problems);
        return problems;
    }

    /**
     * Holds these beside what is held already: nothing is put back.
     *
     * @return what went wrong, for people; the others are held nevertheless
     */
    public List<String> holdAlso(Map<String, String> more) {
        List<String> problems = new ArrayList<>();
        set(more, problems);
        return problems;
    }

    private void set(Map<String, String> wanted, List<String> problems) {
        Map<String, String> changes = new LinkedHashMap<>();
        wanted.forEach((key, value) -> plan(key, value, changes, problems));
        // First remembered, then set: killed in between, nothing is forgotten.
        store(problems);
        changes.forEach((key, value) -> {
            try {
                sysctls.write(key, value);
            } catch (IOException refused) {
                held.remove(key);
                problems.add(refused.getMessage());
            }
        });
        if (!held.keySet().containsAll(changes.keySet())) {
            store(problems);
        }
    }

    private void plan(String key, String value, Map<String, String> changes, List<String> problems) {
        try {
            String current = sysctls.read(key);
            Held before = held.get(key);
            boolean ours = before != null && current.equals(before.ours());
            if (ours || !current.equals(value)) {
                held.put(key, new Held(ours ? before.original() : current, value));
            } else {
                held.remove(key);
            }
            if (!current.equals(value)) {
                changes.put(key, value);
            }
        } catch (IOException unreadable) {
            problems.add(unreadable.getMessage());
        }
    }

    /** Whether there is something to put back. */
    public boolean isHolding() {
        return !held.isEmpty();
    }

    /**
     * Puts back everything that is still as it was set here.
     *
     * @return what went wrong, for people; that is remembered for the next run
     */
    public List<String> release() {
        return hold(Map.of());
    }

    private void putBack(String key, List<String> problems) {
        Held one = held.get(key);
        try {
            // One that is gone went with its interface.
            if (sysctls.exists(key) && sysctls.read(key).equals(one.ours())) {
                sysctls.write(key, one.original());
            }
            held.remove(key);
        } catch (IOException refused) {
            problems.add(refused.getMessage());
        }
    }

    private void store(List<String> problems) {
        try {
            memory.store(held);
        } catch (IOException unwritable) {
            problems.add("kernel settings are not remembered in " + memory.file()
                    + " and stay as they are if the agent is killed: " + unwritable);
        }
    }
}
