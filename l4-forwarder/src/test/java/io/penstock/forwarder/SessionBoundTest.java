package io.penstock.forwarder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SessionBoundTest {
    @Test
    void shouldTakeTheSoftLimitOfOpenFiles() {
        assertEquals(20_000, SessionBound.parsed("""
                Limit                     Soft Limit           Hard Limit           Units
                Max core file size        0                    unlimited            bytes
                Max open files            20000                1048576              files
                Max locked memory         8388608              8388608              bytes
                """));
    }

    @Test
    void shouldTakeWhatContainersHave() {
        assertEquals(
                1_073_741_816,
                SessionBound.parsed(
                        "Max open files            1073741816           1073741816           files     \n"));
        assertEquals(
                Integer.MAX_VALUE,
                SessionBound.parsed("Max open files            922337203685477580   922337203685477580   files\n"));
    }

    @Test
    void shouldTakeTheUsualOneWhereNoneIsTold() {
        assertEquals(1024, SessionBound.parsed(""));
        assertEquals(1024, SessionBound.parsed("Max open files            unlimited            unlimited   files\n"));
    }

    @Test
    void shouldLeaveAQuarterForOthers() {
        assertEquals(15_000, SessionBound.share(20_000));
        assertEquals(768, SessionBound.share(1024));
        assertEquals(1_500_000_000, SessionBound.share(2_000_000_000), "no overflow");
        assertEquals(1, SessionBound.share(3));
    }
}
