package io.penstock.perf.scrape;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the admin server over one connection that stays, as Prometheus does, and takes the answer into memory that it has
 * already. NOT thread safe.
 */
final class Scraper implements AutoCloseable {
    /** What Prometheus asks for first. */
    private static final String ACCEPT = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";

    private static final String HEAD_END = "\r\n\r\n";
    private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)");
    private static final String OK = "http/1.1 200 ";
    private static final int MAX_BYTES = 64 << 20;

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES);
    private int bodyStart;

    Scraper(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Asks, and returns how long it took until the last byte was here. */
    long timeNs(String path) throws IOException {
        ByteBuffer request = StandardCharsets.US_ASCII.encode(
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + ACCEPT + "\r\n\r\n");
        long startNs = System.nanoTime();
        channel.write(request);
        buffer.clear();
        int end = 0;
        while (end == 0 || buffer.position() < end) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the admin server ended the connection");
            }
            end = end == 0 ? end() : end;
        }
        return System.nanoTime() - startNs;
    }

    /** Where the answer ends; 0 while its head is not here. */
    private int end() throws IOException {
        String head = new String(buffer.array(), 0, Math.min(buffer.position(), 4096), StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT);
        int headEnd = head.indexOf(HEAD_END);
        if (headEnd < 0) {
            return 0;
        }
        Matcher length = LENGTH.matcher(head);
        if (!head.startsWith(OK) || !length.find()) {
            throw new IOException("no answer with a length: " + head.substring(0, headEnd));
        }
        bodyStart = headEnd + HEAD_END.length();
        return bodyStart + Integer.parseInt(length.group(1));
    }

    /** Of the last answer. */
    int bytes() {
        return buffer.position() - bodyStart;
    }

    /** Of the last answer. */
    String text() {
        return new String(buffer.array(), bodyStart, bytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
