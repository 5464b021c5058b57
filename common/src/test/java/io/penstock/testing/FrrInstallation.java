package io.penstock.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * FRR as it is installed, or as scripts/test has unpacked it. Its daemons insist on a user and on groups that only the package's
 * installation makes; those of an unpacked one are shown files of accounts that have them.
 */
public record FrrInstallation(Path root, boolean unpacked) {
    private static final Path DAEMONS = Path.of("usr/lib/frr");
    private static final String ID = "990";
    private static final String WITH_ACCOUNTS =
            "mount --bind \"$1/passwd\" /etc/passwd; mount --bind \"$1/group\" /etc/group;"
                    + " export LD_LIBRARY_PATH=\"$2\"; shift 2; exec \"$@\"";

    /** The one that has this daemon, such as {@code bgpd}; the module of the tests lies beside {@code target/tools}. */
    public static Optional<FrrInstallation> find(String daemon) {
        Path tools = Path.of(System.getProperty("basedir", "."))
                .toAbsolutePath()
                .resolveSibling("target")
                .resolve("tools");
        return List.of(new FrrInstallation(Path.of("/"), false), new FrrInstallation(tools, true)).stream()
                .filter(each -> Files.isExecutable(each.root.resolve(DAEMONS).resolve(daemon)))
                .findFirst();
    }

    /** As chown(1) takes it. */
    public String owner() {
        return unpacked ? ID + ":" + ID : "frr:frr";
    }

    /**
     * What starts one of its daemons.
     *
     * @param directory of the daemon's files
     */
    public List<String> command(String daemon, Path directory) throws IOException {
        List<String> command = new ArrayList<>();
        if (unpacked) {
            Files.writeString(
                    directory.resolve("passwd"), "root:x:0:0::/root:/bin/sh\nfrr:x:" + ID + ":" + ID + "::/:\n");
            Files.writeString(directory.resolve("group"), "root:x:0:\nfrr:x:" + ID + ":\nfrrvty:x:991:frr\n");
            command.addAll(List.of("unshare", "--mount", "sh", "-ec", WITH_ACCOUNTS, "sh", directory.toString()));
            command.add(libraries().toString());
        }
        command.add(root.resolve(DAEMONS).resolve(daemon).toString());
        command.addAll(List.of("-u", "frr", "-g", "frr", "--log", "stdout"));
        return command;
    }

    /** Below the name of the machine's architecture. */
    private Path libraries() throws IOException {
        try (var folders = Files.newDirectoryStream(root.resolve("usr/lib"), "*-linux-gnu*")) {
            return folders.iterator().next().resolve("frr");
        }
    }
}
