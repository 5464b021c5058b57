package io.penstock.forwarder.bpf;

import com.kenai.jffi.Library;
import io.penstock.linux.Errno;
import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.Delegate;

/**
 * libbpf.so.1, loaded when it is first asked for. Its own messages are switched off: they would go to standard error, and
 * what matters of them is in exceptions.
 */
final class Libbpf {
    /** The name every libbpf from 1.0 on has; before, calls answered otherwise. */
    static final String LIBRARY = "libbpf.so.1";

    private static final long NO_PRINTER = 0;

    private final Calls calls;
    private final Runtime runtime;

    private Libbpf(Calls calls) {
        this.calls = calls;
        runtime = Runtime.getRuntime(calls);
        calls.libbpf_set_print(NO_PRINTER);
    }

    /** What is loaded, loading it if nothing is. */
    static Calls calls() throws BpfException {
        return instance().calls;
    }

    /** For functions that answer with a pointer, and with null and errno when they cannot. */
    static long pointer(long pointer, String what) throws BpfException {
        if (pointer == 0) {
            throw BpfException.of(what, -instance().runtime.getLastError());
        }
        return pointer;
    }

    private static Libbpf instance() throws BpfException {
        if (Loaded.LIBBPF == null) {
            throw new BpfException(Loaded.TROUBLE);
        }
        return Loaded.LIBBPF;
    }

    /** Empty when it is there. */
    static String trouble() {
        return Loaded.TROUBLE;
    }

    /**
     * Loads it.
     *
     * @param library a file name that the dynamic linker finds, or a path
     * @throws BpfException when it is not there, or is too old
     */
    static Libbpf load(String library) throws BpfException {
        if (Library.openLibrary(library, Library.LAZY) == null) {
            throw new BpfException(library + " cannot be loaded (Debian and Ubuntu: apt-get install libbpf1): "
                    + Library.getLastError());
        }
        try {
            return new Libbpf(LibraryLoader.create(Calls.class)
                    .option(LibraryOption.LoadNow, true)
                    .failImmediately()
                    .load(library));
        } catch (UnsatisfiedLinkError e) {
            throw new BpfException(library + " lacks functions of libbpf 1.0, it is older or something else");
        }
    }

    /** A class of its own, so that the virtual machine loads the library once and not before it is asked for. */
    private static final class Loaded {
        private static final Libbpf LIBBPF;
        private static final String TROUBLE;

        static {
            Libbpf libbpf = null;
            String trouble = "";
            try {
                libbpf = load(LIBRARY);
            } catch (BpfException e) {
                trouble = e.getMessage();
            }
            LIBBPF = libbpf;
            TROUBLE = trouble;
        }
    }

    /** Retries a call that a signal interrupted. */
    static int retry(Call call) {
        int result;
        do {
            result = call.invoke();
        } while (result == -Errno.EINTR);
        return result;
    }

    /** One call that answers {@code >= 0} or {@code -errno}. */
    interface Call {
        int invoke();
    }

    /**
     * The functions of bpf/libbpf.h and bpf/bpf.h with at most five arguments; see there. Public only because jnr-ffi
     * implements it from another package. Pointers and size_t are {@code long}; ints are {@code >= 0} or {@code -errno}.
     */
    public interface Calls {
        /** The printer for messages; 0 for none. Returns the former. */
        long libbpf_set_print(long printer);

        /** How many values an element of a per-CPU map has. */
        int libbpf_num_possible_cpus();

        /** Returns a {@code struct bpf_object *}. */
        long bpf_object__open_mem(long elf, long elfLength, long options);

        /** Creates maps, loads programs. */
        int bpf_object__load(long object);

        /** Closes maps and programs, and frees the object. */
        void bpf_object__close(long object);

        /** Returns a {@code struct bpf_map *}; the first after 0, 0 after the last. */
        long bpf_object__next_map(long object, long map);

        /** Returns a {@code struct bpf_program *}; the first after 0, 0 after the last. */
        long bpf_object__next_program(long object, long program);

        String bpf_map__name(long map);

        int bpf_map__fd(long map);

        int bpf_map__type(long map);

        int bpf_map__key_size(long map);

        int bpf_map__value_size(long map);

        int bpf_map__max_entries(long map);

        int bpf_map__map_flags(long map);

        /** One that clang made, of global variables. */
        boolean bpf_map__is_internal(long map);

        int bpf_map__set_max_entries(long map, int entries);

        int bpf_map__set_pin_path(long map, String path);

        String bpf_program__name(long program);

        int bpf_program__fd(long program);

        int bpf_program__set_log_buf(long program, long log, long length);

        int bpf_map_lookup_elem(int fd, long key, long value);

        int bpf_map_update_elem(int fd, long key, long value, long flags);

        int bpf_map_delete_elem(int fd, long key);

        /** The first key after 0. */
        int bpf_map_get_next_key(int fd, long key, long next);

        int bpf_map_update_batch(int fd, long keys, long values, long count, long options);

        int bpf_map_get_fd_by_id(int id);

        int bpf_prog_get_fd_by_id(int id);

        int bpf_obj_pin(int fd, String path);

        int bpf_obj_get(String path);

        int bpf_obj_get_info_by_fd(int fd, long info, long infoLength);

        int bpf_prog_test_run_opts(int program, long options);

        int bpf_link_create(int program, int target, int attachType, long options);

        int bpf_link_update(int link, int program, long options);

        int bpf_link_detach(int link);

        int bpf_xdp_query(int ifindex, int flags, long options);

        int bpf_tc_hook_create(long hook);

        int bpf_tc_attach(long hook, long options);

        int bpf_tc_detach(long hook, long options);

        int bpf_tc_query(long hook, long options);

        /** Returns a {@code struct ring_buffer *}. */
        long ring_buffer__new(int map, OnSample callback, long context, long options);

        void ring_buffer__free(long ringBuffer);

        /** How many samples there were. */
        int ring_buffer__poll(long ringBuffer, int timeoutMs);
    }

    /** {@code ring_buffer_sample_fn}. Public for jnr-ffi. */
    public interface OnSample {
        /** Returns 0 to go on. */
        @Delegate
        int onSample(long context, long data, long length);
    }
}
