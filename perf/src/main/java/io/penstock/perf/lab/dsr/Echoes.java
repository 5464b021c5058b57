package io.penstock.perf.lab.dsr;

import io.penstock.net.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Datagrams to a VIP that came back as they were sent.
 *
 * @param returned all of them
 * @param atOnce those that did the first time; a path too narrow for a fragment is found out by losing one
 */
record Echoes(int returned, int atOnce) {
    private static final int PATIENCE_MS = 500;
    private static final int TRIES = 4;

    /** Each from a port of its own, which has another backend. */
    static Echoes of(IpAddress vip, int count, int octets) throws IOException {
        SplittableRandom random = new SplittableRandom(octets);
        InetAddress address = InetAddress.getByName(vip.toString());
        int returned = 0;
        int atOnce = 0;
        for (int i = 0; i < count; i++) {
            byte[] octetsOf = new byte[octets];
            random.nextBytes(octetsOf);
            int tries = triesOf(new DatagramPacket(octetsOf, octets, address, EchoHosts.PORT));
            returned += tries <= TRIES ? 1 : 0;
            atOnce += tries == 1 ? 1 : 0;
        }
        return new Echoes(returned, atOnce);
    }

    /** With which one it came back; more than there are when with none. */
    private static int triesOf(DatagramPacket packet) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MS);
            DatagramPacket answer = new DatagramPacket(new byte[packet.getLength() + 1], packet.getLength() + 1);
            for (int i = 1; i <= TRIES; i++) {
                try {
                    socket.send(packet);
                    socket.receive(answer);
                    return isSame(packet, answer) ? i : TRIES + 1;
                } catch (SocketTimeoutException lost) {
                    // The next one.
                }
            }
            return TRIES + 1;
        }
    }

    private static boolean isSame(DatagramPacket sent, DatagramPacket answer) {
        return Arrays.equals(sent.getData(), 0, sent.getLength(), answer.getData(), 0, answer.getLength())
                && sent.getSocketAddress().equals(answer.getSocketAddress());
    }
}
