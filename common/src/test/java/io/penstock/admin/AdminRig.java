package io.penstock.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A server on a free loopback port, whose orders need a token, and requests octet by octet. */
final class AdminRig implements AutoCloseable {
    static final String TOKEN = "a-token-for-tests-only";

    /** A header. */
    static final String AUTHORIZATION = "Authorization: Bearer " + TOKEN + "\r\n";

    private static final int TIMEOUT_MS = 20_000;

    private final AdminServer server;
    private final AdminAddress address;
    private final Path directory;
    private final Path tokenFile;
    private final int port;

    AdminRig(Router router) throws IOException {
        port = freePort();
        directory = Files.createTempDirectory("penstock-admin");
        tokenFile = tokenFile(directory.resolve("token"), TOKEN);
        address = AdminAddress.parse("127.0.0.1:" + port).orElseThrow();
        server = AdminServer.start(config(address), router, RequestListener.NONE, "test-admin");
    }

    /** As this one is, at another address. */
    AdminConfig config(AdminAddress other) {
        return new AdminConfig(List.of(other), Optional.of(tokenFile), Optional.empty());
    }

    static Path tokenFile(Path file, String token) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, token + "\n");
    }

    AdminClient client() {
        return new AdminClient(address, AdminCredentials.token(tokenFile), Duration.ofSeconds(20));
    }

    static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    AdminAddress address() {
        return address;
    }

    AdminServer server() {
        return server;
    }

    int port() {
        return port;
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    /** Everything that comes back until the server closes; what it is sent should ask for that. */
    String exchange(String request) throws IOException {
        return exchange(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    String exchange(byte[] request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request);
            return readAll(socket);
        }
    }

    static String readAll(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                text.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketException reset) {
            text.append("<reset>");
        }
        return text.toString();
    }

    /** A request with the usual headers. */
    static String request(String line, String headers, String body) {
        return line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers
                + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body;
    }

    @Override
    public void close() {
        server.close();
        try {
            Files.deleteIfExists(tokenFile);
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
