package io.penstock.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentWatchTest {
    private final List<String> told = new ArrayList<>();
    private final AgentWatch watch = new AgentWatch(new AgentListener() {
        @Override
        public void onReport(AgentReport report) {
            told.add("report " + report.weightPercent().orElse(-1));
        }

        @Override
        public void onAnswer() {
            told.add("answer");
        }

        @Override
        public void onNoReport(String evidence) {
            told.add(evidence);
        }
    });

    @Test
    void shouldTellOfEveryAnswerButOfChangedReportsOnly() {
        watch.onResult(ProbeResult.success("50%"), 1);
        watch.onResult(ProbeResult.failure("refused"), 1);
        watch.onResult(ProbeResult.success("50%"), 1);
        watch.onResult(ProbeResult.noVerdict("no descriptor"), 1);
        watch.onResult(ProbeResult.success("60%"), 1);
        assertEquals(List.of("answer", "report 50", "refused", "answer", "no descriptor", "answer", "report 60"), told);
    }
}
