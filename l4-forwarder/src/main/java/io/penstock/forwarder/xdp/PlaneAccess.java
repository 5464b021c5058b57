package io.penstock.forwarder.xdp;

import io.penstock.forwarder.bpf.BpfException;
import io.penstock.forwarder.bpf.BpfPins;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lets a user other than root have a plane's maps, links and files, which are in directories of root's. Of what is there only what a
 * plane leaves is given, and never through a link: since the start before, these directories have been the user's, who may have put
 * there what leads to files of others.
 */
public final class PlaneAccess {
    /** Maps of the two programs, by their names there, and links by those of interfaces. */
    private static final Pattern PIN =
            Pattern.compile("budgets|config|counters|flows|fragments|interfaces|lease|probes|ranges"
                    + "|reals|rings|services|traces|vips|volumes|link-.{1,15}");

    private static final List<String> SUFFIXES = List.of(".json", ".lock");

    private final UserPrincipal owner;

    private PlaneAccess(UserPrincipal owner) {
        this.owner = owner;
    }

    /**
     * To be called by root. What a plane of that name has left there before is the user's too, from now on; of other planes others
     * see no more than before.
     *
     * @throws XdpException when there is no such user, or no BPF file system
     */
    public static void give(String plane, String user) throws XdpException {
        Path pins = LoadedPlane.PINS.resolve(plane);
        try {
            BpfPins.directory(pins);
            PlaneAccess access = new PlaneAccess(
                    pins.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
            for (Path above = pins.getParent(); above.startsWith(BpfPins.ROOT); above = above.getParent()) {
                letThrough(above);
            }
            access.givePins(pins);
            Files.createDirectories(Names.DIRECTORY);
            access.giveFiles(Names.DIRECTORY, plane);
        } catch (BpfException | IOException e) {
            throw new XdpException("cannot give the XDP data plane to " + user + ": " + e);
        }
    }

    /** To what is below it, of which one has to know the name. */
    private static void letThrough(Path directory) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        permissions.addAll(Files.getPosixFilePermissions(directory));
        if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
            Files.setPosixFilePermissions(directory, permissions);
        }
    }

    private void givePins(Path pins) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                pins, file -> PIN.matcher(file.getFileName().toString()).matches())) {
            for (Path file : files) {
                giveFile(file);
            }
        }
        giveDirectory(pins);
    }

    /** The plane's files, and the directory, in which it makes them. */
    void giveFiles(Path directory, String plane) throws IOException {
        for (String suffix : SUFFIXES) {
            giveFile(directory.resolve("xdp-" + plane + suffix));
        }
        giveDirectory(directory);
    }

    /** A name of many files is somebody's other file as well. */
    private void giveFile(Path file) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                        .equals(1)) {
            setOwner(file);
        }
    }

    /** What is not root's is somebody's who has it on purpose. */
    private void giveDirectory(Path directory) throws IOException {
        boolean roots = Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(0);
        if (roots) {
            setOwner(directory);
        }
    }

    private void setOwner(Path path) throws IOException {
        Files.getFileAttributeView(path, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setOwner(owner);
    }

    static PlaneAccess of(UserPrincipal owner) {
        return new PlaneAccess(owner);
    }
}
