package io.penstock.forwarder.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.testing.Tools;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What root gives away in a directory in which that user has been before. */
class PlaneAccessIT {
    @TempDir
    private Path root;

    private Path directory;
    private Path secret;
    private UserPrincipal nobody;

    @BeforeEach
    void make() throws Exception {
        Tools.assumeRoot();
        nobody = root.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        directory = Files.createDirectory(root.resolve("run"));
        secret = Files.writeString(root.resolve("shadow"), "secret");
    }

    private String owner(Path path) throws Exception {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
    }

    @Test
    void shouldGiveWhatAPlaneLeaves() throws Exception {
        Path names = Files.writeString(directory.resolve("xdp-a.json"), "{}");
        Path other = Files.writeString(directory.resolve("xdp-b.json"), "{}");
        Path unknown = Files.writeString(directory.resolve("xdp-a.other"), "");

        PlaneAccess.of(nobody).giveFiles(directory, "a");

        assertEquals("nobody", owner(names));
        assertEquals("nobody", owner(directory));
        assertEquals("root", owner(other));
        assertEquals("root", owner(unknown));
    }

    @Test
    void shouldFollowNoLink() throws Exception {
        Path planted = Files.createSymbolicLink(directory.resolve("xdp-a.json"), secret);
        Files.createLink(directory.resolve("xdp-a.lock"), secret);

        PlaneAccess.of(nobody).giveFiles(directory, "a");

        assertEquals("root", owner(secret));
        assertEquals("root", owner(planted));
    }

    @Test
    void shouldNotGiveADirectoryElsewhere() throws Exception {
        Path elsewhere = Files.createSymbolicLink(root.resolve("link"), directory);

        PlaneAccess.of(nobody).giveFiles(elsewhere, "a");

        assertEquals("root", owner(directory));
    }
}
