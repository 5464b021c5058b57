package io.penstock.forwarder.tune;

import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the kernel says of itself below /proc. What cannot be read, as in a container, is absent.
 *
 * @param proc its /proc
 * @param interfaceOf the name of the interface that has an address; empty when none has
 */
public record Host(Path proc, Function<IpAddress, Optional<String>> interfaceOf) {
    /** Soft limit, hard limit, and their unit; see proc_pid_limits(5). */
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\d{1,18})\\s");

    /** This one. */
    public static Host current() {
        return new Host(Path.of("/proc"), Host::interfaceWith);
    }

    /** @param name such as {@code net.core.somaxconn} */
    Optional<String> setting(String name) {
        return read(proc.resolve("sys").resolve(name.replace('.', '/')));
    }

    OptionalLong number(String name) {
        Optional<String> text = setting(name);
        return text.isPresent() && text.get().matches("\\d{1,19}")
                ? OptionalLong.of(Long.parseLong(text.get()))
                : OptionalLong.empty();
    }

    /** @param process {@code self}, or a PID */
    OptionalLong openFiles(String process) {
        Matcher line =
                OPEN_FILES.matcher(read(proc.resolve(process).resolve("limits")).orElse(""));
        return line.find() ? OptionalLong.of(Long.parseLong(line.group(1))) : OptionalLong.empty();
    }

    /** Interfaces with settings of IPv4, without {@code all}, {@code default} and {@code lo}. */
    List<String> interfaces() {
        try (Stream<Path> names = Files.list(proc.resolve("sys/net/ipv4/conf"))) {
            return names.map(path -> path.getFileName().toString())
                    .filter(name -> !name.matches("all|default|lo"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Of those where the larger of the interface's own value and that of {@code all} counts; see ip-sysctl.rst. */
    long interfaceNumber(String device, String name) {
        return Math.max(
                number("net.ipv4.conf.all." + name).orElse(0),
                // A device's name may have dots.
                read(proc.resolve("sys/net/ipv4/conf").resolve(device).resolve(name))
                        .filter(text -> text.matches("\\d{1,9}"))
                        .map(Long::parseLong)
                        .orElse(0L));
    }

    private static Optional<String> read(Path file) {
        // Not readString: it trusts the size of a file, which in /proc is 0.
        try (var in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> interfaceWith(IpAddress address) {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(one -> one.inetAddresses().map(IpAddress::of).anyMatch(address::equals))
                    .map(NetworkInterface::getName)
                    .findFirst();
        } catch (SocketException e) {
            return Optional.empty();
        }
    }
}
