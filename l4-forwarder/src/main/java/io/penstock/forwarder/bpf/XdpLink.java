package io.penstock.forwarder.bpf;

import io.penstock.linux.Errno;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An XDP program attached to an interface of this process's network namespace. Once it is pinned it outlives the process;
 * without a pin {@link #close} detaches.
 */
public final class XdpLink implements AutoCloseable {
    /** BPF_XDP of enum bpf_attach_type. */
    private static final int BPF_XDP = 37;

    /**
     * <pre>
     * struct bpf_link_create_opts {      bpf/bpf.h
     *     size_t sz;                 0
     *     __u32 flags;               8   XDP_FLAGS_...
     *     ...
     * };
     * </pre>
     */
    private static final int CREATE_BYTES = 72;

    private static final int CREATE_FLAGS = 8;

    /**
     * <pre>
     * struct bpf_link_info {             linux/bpf.h
     *     __u32 type;                0   BPF_LINK_TYPE_XDP
     *     __u32 id;                  4
     *     __u32 prog_id;             8
     *     struct { __u32 ifindex; } xdp; 16   0 once the interface is gone
     * };
     * </pre>
     */
    private static final int INFO_BYTES = 24;

    private static final int INFO_TYPE = 0;
    private static final int INFO_PROGRAM = 8;
    private static final int INFO_IFINDEX = 16;
    private static final int LINK_TYPE_XDP = 6;

    private final Libbpf.Calls calls;
    private final int fd;

    private XdpLink(int fd) throws BpfException {
        calls = Libbpf.calls();
        this.fd = fd;
    }

    /**
     * Attaches.
     *
     * @throws BpfException EBUSY when another program is attached, EOPNOTSUPP when the driver cannot run programs, EINVAL
     *     when it does not want to or there is no such interface
     */
    public static XdpLink attach(BpfProgram program, int ifindex, AttachMode mode) throws BpfException {
        UnsafeBuffer options = Memory.options(CREATE_BYTES);
        Memory.putInt(options, CREATE_FLAGS, mode.flag);
        int result = 0;
        try {
            result = Libbpf.calls().bpf_link_create(program.fd(), ifindex, BPF_XDP, options.addressOffset());
        } finally {
            Reference.reachabilityFence(options);
        }
        if (result < 0) {
            throw BpfException.because(
                    "cannot attach to " + NetworkInterfaces.describe(ifindex), whyNot(-result, ifindex, mode), result);
        }
        return new XdpLink(result);
    }

    private static String whyNot(int errno, int ifindex, AttachMode mode) {
        if (!NetworkInterfaces.exists(ifindex)) {
            // The kernel says EINVAL.
            return Errno.describe(Errno.ENODEV);
        }
        return switch (errno) {
            case Errno.EBUSY, Errno.EEXIST ->
                "another XDP program is attached"
                        + AttachedXdp.of(ifindex)
                                .map(attached ->
                                        " (program id " + attached.programId() + ", " + attached.modeName() + ")")
                                .orElse("")
                        + ": only one can be; 'bpftool net' shows whose it is (EBUSY)";
            case Errno.EOPNOTSUPP ->
                mode == AttachMode.NATIVE
                        ? "its driver cannot run XDP programs; attach: generic runs them in the stack, slower (EOPNOTSUPP)"
                        : BpfException.reason(errno);
            case Errno.EINVAL, Errno.ERANGE, Errno.EMSGSIZE ->
                "its driver refuses, mostly because of a too large MTU or of receive offloads (LRO, GRO-HW); the kernel log says which ("
                        + Errno.describe(errno) + ")";
            default -> BpfException.reason(errno);
        };
    }

    /**
     * The link pinned there; empty when there is none.
     *
     * @throws BpfException when what is pinned there is no link of XDP, or may not be opened
     */
    public static Optional<XdpLink> openPinned(Path pin) throws BpfException {
        int result = Libbpf.calls().bpf_obj_get(pin.toString());
        if (result == -Errno.ENOENT) {
            return Optional.empty();
        }
        XdpLink link = new XdpLink(BpfException.check(result, "cannot open " + pin));
        try {
            if (Memory.intAt(link.info(), INFO_TYPE) != LINK_TYPE_XDP) {
                throw new BpfException(pin + " is no link of XDP");
            }
        } catch (BpfException e) {
            link.close();
            throw e;
        }
        return Optional.of(link);
    }

    /** Lets it outlive the process. */
    public void pin(Path pin) throws BpfException {
        BpfException.check(calls.bpf_obj_pin(fd, pin.toString()), "cannot pin a link at " + pin);
    }

    /** Packets go to the other program from now on; none is lost. */
    public void update(BpfProgram program) throws BpfException {
        BpfException.check(
                Libbpf.retry(() -> calls.bpf_link_update(fd, program.fd(), 0)),
                "cannot put program " + program.name() + " in place");
    }

    /**
     * Takes the program off the interface, whoever else holds the link, and removes its pin.
     *
     * @param pin of this link; there need not be one
     */
    public void detach(Path pin) throws BpfException {
        detach();
        try {
            Files.deleteIfExists(pin);
        } catch (IOException e) {
            throw new BpfException("cannot remove " + pin + ": " + e.getMessage());
        }
    }

    /** Takes the program off the interface, whoever else holds the link. */
    public void detach() throws BpfException {
        BpfException.check(calls.bpf_link_detach(fd), "cannot detach");
    }

    /** Of the interface; empty once that is gone, or the link is detached. */
    public OptionalInt ifindex() throws BpfException {
        int ifindex = Memory.intAt(info(), INFO_IFINDEX);
        return ifindex == 0 ? OptionalInt.empty() : OptionalInt.of(ifindex);
    }

    /** The kernel's number of the program that runs, see {@link BpfProgram#id}. */
    public int programId() throws BpfException {
        return Memory.intAt(info(), INFO_PROGRAM);
    }

    private UnsafeBuffer info() throws BpfException {
        return ObjectInfo.of(fd, INFO_BYTES, "a link");
    }

    @Override
    public void close() {
        Descriptors.close(fd);
    }
}
