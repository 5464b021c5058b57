package io.penstock.forwarder.bpf;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.lang.ref.Reference;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The functions with six arguments, which go through jffi's own invoker: see {@code LinuxSyscalls} for why. Results are
 * {@code >= 0} or {@code -errno}. {@code BpfMapIT} holds that the sixth arrives.
 */
final class SixArguments {
    private static final long ANYWHERE = 0;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final long MAP_FAILED = -1;

    private static final Invoker INVOKER = Invoker.getInstance();
    private static final Library LIBC = Library.getDefault();
    private static final long MMAP = LIBC.getSymbolAddress("mmap");
    private static final CallContext MMAP_CALL = CallContext.getCallContext(
            Type.POINTER,
            new Type[] {Type.POINTER, Type.UINT64, Type.SINT32, Type.SINT32, Type.SINT32, Type.SINT64},
            CallingConvention.DEFAULT,
            true);
    private static final long MUNMAP = LIBC.getSymbolAddress("munmap");
    private static final CallContext MUNMAP_CALL = CallContext.getCallContext(
            Type.SINT32, new Type[] {Type.POINTER, Type.UINT64}, CallingConvention.DEFAULT, true);
    private static final CallContext MAP_CREATE_CALL = CallContext.getCallContext(
            Type.SINT32,
            new Type[] {Type.UINT32, Type.POINTER, Type.UINT32, Type.UINT32, Type.UINT32, Type.POINTER},
            CallingConvention.DEFAULT,
            true);

    private SixArguments() {}

    /** Shared, to read and to write. */
    static long mmap(int fd, long length) {
        long address = INVOKER.invokeL6(MMAP_CALL, MMAP, ANYWHERE, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        return address == MAP_FAILED ? -errno() : address;
    }

    static void munmap(long address, long length) {
        INVOKER.invokeL2(MUNMAP_CALL, MUNMAP, address, length);
    }

    /** See bpf_map_create in bpf/bpf.h. */
    static int mapCreate(String name, MapShape shape, UnsafeBuffer options) {
        UnsafeBuffer cName = Memory.string(name);
        try {
            return (int) INVOKER.invokeL6(
                    MAP_CREATE_CALL,
                    LibbpfSymbols.MAP_CREATE,
                    shape.type(),
                    cName.addressOffset(),
                    shape.keySize(),
                    shape.valueSize(),
                    shape.entries(),
                    options.addressOffset());
        } finally {
            Reference.reachabilityFence(cName);
            Reference.reachabilityFence(options);
        }
    }

    private static int errno() {
        return com.kenai.jffi.LastError.getInstance().get();
    }

    /** A class of its own: looked up only once libbpf is there. */
    private static final class LibbpfSymbols {
        private static final long MAP_CREATE =
                Library.getCachedInstance(Libbpf.LIBRARY, Library.LAZY).getSymbolAddress("bpf_map_create");
    }
}
