package io.penstock.perf.change.clients;

/** What clients do on a {@link ClientLoop}, on its thread only. */
public interface Activity {
    /** Does what is due; called all the time, so it must be quick when nothing is. */
    void onTurn(long nowNs);

    /** Closes all its connections; called when it is removed, at the latest with the loop. */
    void end();
}
