package io.penstock.process;

import com.kenai.jffi.LastError;
import io.penstock.linux.Errno;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.NulTerminate;

/**
 * Gives up root. Credentials and capabilities are a thread's own on Linux, and a JVM has a dozen threads before it runs a
 * line of Java; so the process executes its own command line anew, through setpriv(1), as another user, with no
 * capability but those asked for (capabilities(7): ambient), with an empty bounding set beside them and no_new_privs
 * (prctl(2)). It keeps its PID, its environment and whatever descriptors are not close-on-exec.
 */
public final class RunAs {
    private static final long PROBE_LIMIT_S = 10;
    private static final String ROOT = "0";

    /** This cannot be done; the message says why. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private RefusedException(String message) {
            super(message);
        }
    }

    /** Public only because jnr-ffi implements it from another package. */
    public interface Exec {
        /** See execv(3); returns only when it fails. */
        int execv(String path, @In @NulTerminate String[] arguments);
    }

    private final String user;
    private final List<String> setpriv;

    private RunAs(String user, String uid, String gid, Collection<String> capabilities) {
        this.user = user;
        String kept = Stream.concat(Stream.of("-all"), capabilities.stream().map(one -> "+" + one))
                .reduce((one, other) -> one + "," + other)
                .orElseThrow();
        setpriv = List.of(
                "setpriv",
                "--reuid=" + uid,
                "--regid=" + gid,
                "--init-groups",
                "--inh-caps=" + kept,
                "--ambient-caps=" + kept,
                "--bounding-set=" + kept,
                "--no-new-privs",
                "--");
    }

    /**
     * Returns when this process is that user already; else does not return. To be called before anything was opened.
     *
     * @param user by name; its primary and supplementary groups come with it
     * @param capabilities kept, as setpriv(1) names them: {@code net_bind_service}
     * @throws RefusedException when that user cannot be become, or could not run this program
     */
    public static void become(String user, Collection<String> capabilities) throws RefusedException {
        String uid = said(user, List.of("id", "-u", "--", user));
        if (status("Uid").equals(uid)) {
            return;
        }
        if (!isRoot()) {
            throw new RefusedException("cannot run as " + user + ": only root can become another user");
        }
        new RunAs(user, uid, said(user, List.of("id", "-g", "--", user)), capabilities).execute();
    }

    /** Whether this process could {@link #become} somebody. */
    public static boolean isRoot() throws RefusedException {
        return status("Uid").equals(ROOT);
    }

    private void execute() throws RefusedException {
        List<String> own = ownCommand();
        // What setpriv or the new JVM would say after the exec could not be told from a forwarder's own failure.
        probe(own);
        List<String> command = new ArrayList<>(setpriv);
        command.addAll(own);
        String program = onPath(command.get(0));
        LibraryLoader.create(Exec.class).failImmediately().load("c").execv(program, command.toArray(new String[0]));
        throw new RefusedException("cannot run as " + user + ": " + program + ": "
                + Errno.describe(LastError.getInstance().get()));
    }

    private void probe(List<String> own) throws RefusedException {
        List<String> command = new ArrayList<>(setpriv);
        command.addAll(List.of(
                "sh",
                "-c",
                "for file; do [ -r \"$file\" ] || { echo \"it cannot read $file\"; exit 1; }; done",
                "sh",
                own.get(0)));
        command.addAll(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
        said(user, command);
    }

    /** What a short command printed. */
    private static String said(String user, List<String> command) throws RefusedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(PROBE_LIMIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new RefusedException("cannot run as " + user + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new RefusedException("cannot run as " + user + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("cannot run as " + user + ": interrupted");
        }
    }

    /** The executable and arguments that this process was started with. */
    private static List<String> ownCommand() throws RefusedException {
        try {
            List<String> words = new ArrayList<>();
            words.add(Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
            String line = new String(readAll(Path.of("/proc/self/cmdline")), StandardCharsets.UTF_8);
            // Each argument, an empty one too, ends with a zero; the first is the name that the executable was called
            // by.
            String[] arguments = line.split("\0", -1);
            words.addAll(List.of(arguments).subList(1, arguments.length - 1));
            return words;
        } catch (IOException e) {
            throw new RefusedException("cannot read the command line of this process: " + e.getMessage());
        }
    }

    private static String onPath(String program) throws RefusedException {
        for (String directory : List.of("/usr/bin", "/bin", "/usr/local/bin")) {
            Path file = Path.of(directory, program);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        throw new RefusedException("needs setpriv of util-linux");
    }

    /** The first word of one line of proc_pid_status(5); of Uid, the real one. */
    private static String status(String key) throws RefusedException {
        try {
            return new String(readAll(Path.of("/proc/self/status")), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith(key + ":"))
                    .map(line -> line.substring(key.length() + 1).strip().split("\\s", 2)[0])
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new RefusedException("cannot read the status of this process: " + e.getMessage());
        }
    }

    /** Not readAllBytes of Files: it trusts the size of a file, which in /proc is 0. */
    private static byte[] readAll(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readAllBytes();
        }
    }
}
