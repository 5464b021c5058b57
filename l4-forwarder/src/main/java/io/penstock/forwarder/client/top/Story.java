package io.penstock.forwarder.client.top;

import io.penstock.cli.Words;
import java.time.Duration;
import java.util.Optional;

/** What is known of the forwarder: the frame to draw, and whether it answers. NOT thread safe. */
final class Story {
    private final View view;
    private Sample last;
    private Frame frame;
    private String reason = "";
    private long silentSinceNs;

    Story(View view, Sample first) {
        this.view = view;
        last = first;
        frame = Frame.first(first);
    }

    /** While paused the frame stays; rates go on from the sample before, so they are right when it moves again. */
    void onAnswer(Sample sample) {
        if (!view.isPaused()) {
            frame = Frame.between(last, sample);
        }
        last = sample;
        reason = "";
    }

    void onSilence(String why, long nowNs) {
        if (reason.isEmpty()) {
            silentSinceNs = nowNs;
        }
        reason = why;
    }

    Frame frame() {
        return frame;
    }

    /** Why there is nothing new, and since when; empty while it answers. */
    Optional<String> trouble(long nowNs) {
        return reason.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "NO ANSWER for " + Words.duration(Duration.ofNanos(nowNs - silentSinceNs)) + ": " + reason);
    }
}
