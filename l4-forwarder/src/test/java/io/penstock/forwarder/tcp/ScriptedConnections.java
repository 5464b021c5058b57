package io.penstock.forwarder.tcp;

/** Many connections of one worker over a scripted kernel, for tests of what looks through all of them. */
public final class ScriptedConnections extends ConnectionScript implements AutoCloseable {
    /** Each with a backend that is being connected. */
    public ScriptedConnections(int count) {
        listen();
        for (int i = 0; i < count; i++) {
            accept();
        }
    }

    public TcpForwarder tcp() {
        return tcp;
    }

    @Override
    public void close() {
        shouldHaveReleasedEverything();
    }
}
