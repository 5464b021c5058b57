package io.penstock.vrrp.keepalived;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeepalivedImportTest {
    private static final String INSTANCE = """
            vrrp_instance web {
                state BACKUP
                interface eth0
                virtual_router_id 51
                priority 150
                advert_int 0.1
                version 3
                virtual_ipaddress {
                    192.0.2.10/24
                }
                %s
            }
            """;

    @TempDir
    Path directory;

    private ImportResult read(String text) throws IOException {
        return KeepalivedImport.of(Files.writeString(directory.resolve("keepalived.conf"), text), "");
    }

    private Map<?, ?> router(String more) throws IOException {
        return routerOf(read(INSTANCE.formatted(more)), "web");
    }

    private static Map<?, ?> routerOf(ImportResult result, String name) {
        return (Map<?, ?>) ((Map<?, ?>) result.document().get("routers")).get(name);
    }

    private static List<String> important(ImportResult result) {
        return result.remarks().stream()
                .filter(Remark::important)
                .map(Remark::toString)
                .toList();
    }

    @Test
    void shouldConvertAnInstanceWithoutARemark() throws IOException {
        ImportResult result = read(INSTANCE.formatted(""));
        assertEquals(
                Map.of(
                        "interface",
                        "eth0",
                        "vrid",
                        51,
                        "version",
                        3,
                        "priority",
                        150,
                        "advertisement-interval",
                        "100ms",
                        "vips",
                        List.of("192.0.2.10/24")),
                routerOf(result, "web"));
        assertEquals(List.of(), result.remarks());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nopreempt -> preempt = false",
                "preempt_delay 2.5 -> preempt-delay = 2500ms",
                "use_vmac -> virtual-mac = true",
                "use_vmac v51 -> virtual-mac = {interface=v51}",
                "unicast_src_ip 192.0.2.1 -> source = 192.0.2.1",
                "unicast_peer { 192.0.2.2 min_ttl 64 } -> unicast = {peers=[192.0.2.2], min-ttl=64}",
                "unicast_src_ip 192.0.2.1/24 -> source = 192.0.2.1",
                "unicast_peer { 192.0.2.2/24 } -> unicast = {peers=[192.0.2.2]}",
                "v3_checksum_as_v2 -> checksum = rfc9568",
                "garp_master_delay 7 -> announce = {again=7s}",
                "track_interface { eth1 weight -50 } -> track = [{interface=eth1, weight=-50}]",
                "track_interface { eth1 } -> track = [{interface=eth1}]",
            })
    void shouldConvertEachStatement(String example) throws IOException {
        String[] sides = example.split(" -> ", 2);
        String[] entry = sides[1].split(" = ", 2);
        assertEquals(entry[1], router(sides[0]).get(entry[0]).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no_accept",
                "dont_track_primary",
                "virtual_routes { 192.0.2.0/24 via 10.0.0.1 }",
                "authentication { auth_type AH }",
                "track_process { haproxy }",
                "virtual_ipaddress_excluded { 2001:db8::1 }",
                "track_script { nobody }",
                "down_timer_adverts 5",
                "use_ipvlan",
                "old_unicast_checksum",
                "notify_fifo /run/fifo",
                "something_new",
            })
    void shouldSayWhatIsNotOffered(String statement) throws IOException {
        ImportResult result = read(INSTANCE.formatted(statement));
        assertEquals(1, important(result).size(), result.remarks().toString());
        assertTrue(important(result).get(0).startsWith(directory.resolve("keepalived.conf") + ":11:"));
    }

    @Test
    void shouldMakeChecksOfScripts() throws IOException {
        ImportResult result = read("""
                vrrp_script shell
                {
                    script "test -e /run/ok && exit 0"
                    weight -20
                    interval 2
                    fall 3
                }
                vrrp_script plain {
                    script "/bin/true -x"
                }
                """
                + INSTANCE.formatted("track_script { shell plain weight 10 }")
                        .replace("{ shell plain weight 10 }", "{\n shell\n plain weight 10\n }"));
        assertEquals(
                "[{name=shell, exec={command=[/bin/sh, -c, test -e /run/ok && exit 0]}, interval=2s, timeout=2s, rise=1, fall=3, weight=-20},"
                        + " {name=plain, exec={command=[/bin/true, -x]}, interval=1s, timeout=1s, rise=1, fall=1, weight=10}]",
                routerOf(result, "web").get("track").toString());
    }

    @Test
    void shouldTellNotifyScriptsAsBefore() throws IOException {
        ImportResult result =
                read(INSTANCE.formatted("notify_master \"/usr/local/bin/m a b\"\n notify /usr/local/bin/n"));
        String hooks = result.document().get("hooks").toString();
        assertTrue(hooks.contains("\"transition web active\") exec /usr/local/bin/m a b ;;"), hooks);
        assertTrue(hooks.contains("exec /usr/local/bin/n INSTANCE web \"$state\" \"$PENSTOCK_PRIORITY\""), hooks);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "active false -> master;all INSTANCE web MASTER 150",
                "backup false -> all INSTANCE web BACKUP 150",
                "initialize false -> all INSTANCE web STOP 150",
                "active true -> "
            })
    void shouldRunScriptsAsKeepalivedDoes(String example) throws IOException {
        ImportResult result = read(INSTANCE.formatted("notify_master \"/bin/echo master\"\n notify \"/bin/echo all\""));
        String[] sides = example.split(" -> ", 2);
        List<String> told = new ArrayList<>();
        for (Object hook : (List<?>) result.document().get("hooks")) {
            told.addAll(run((Map<?, ?>) hook, sides[0].split(" ", 2)));
        }
        told.sort(Comparator.reverseOrder());
        assertEquals(sides[1], String.join(";", told));
    }

    private static List<String> run(Map<?, ?> hook, String[] toAndReplay) throws IOException {
        List<String> command =
                ((List<?>) hook.get("command")).stream().map(Object::toString).toList();
        ProcessBuilder shell = new ProcessBuilder(command).redirectErrorStream(true);
        shell.environment()
                .putAll(Map.of(
                        "PENSTOCK_EVENT", "transition",
                        "PENSTOCK_ROUTER", "web",
                        "PENSTOCK_TO", toAndReplay[0],
                        "PENSTOCK_REPLAY", toAndReplay[1],
                        "PENSTOCK_PRIORITY", "150"));
        try (InputStream output = shell.start().getInputStream()) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    @Test
    void shouldReadWhatIsIncludedAndDefinedAndMeantForThisHost() throws IOException {
        Files.writeString(directory.resolve("one.inc"), "virtual_router_id 7\n");
        String text = """
                $IF=eth7
                vrrp_instance web {
                    include *.inc
                    interface $IF
                    @left priority 200
                    @^left priority 100
                    virtual_ipaddress { 192.0.2.10/24 }
                }
                """;
        Path file = Files.writeString(directory.resolve("keepalived.conf"), text);
        Map<?, ?> left = routerOf(KeepalivedImport.of(file, "left"), "web");
        assertEquals("eth7", left.get("interface"));
        assertEquals(7, left.get("vrid"));
        assertEquals(200, left.get("priority"));
        assertEquals(100, routerOf(KeepalivedImport.of(file, "right"), "web").get("priority"));
    }

    @Test
    void shouldUseDefaultsOfTheWholeFileWhereverTheyStand() throws IOException {
        ImportResult result = read("""
                        vrrp_instance six { interface eth0
                         virtual_router_id 9
                         virtual_ipaddress { fe80::9 } }
                        vrrp_instance four { interface eth0
                         virtual_router_id 9
                         virtual_ipaddress { 192.0.2.9 } }
                        vrrp_sync_group both { group { six four } track_interface { eth3 } }
                        global_defs { vrrp_garp_master_refresh 30
                         vrrp_rt_priority 50
                         vrrp_no_swap }
                        """);
        assertEquals(3, routerOf(result, "six").get("version"));
        assertEquals(2, routerOf(result, "four").get("version"));
        assertEquals("{refresh=30s}", routerOf(result, "four").get("announce").toString());
        assertEquals("[{interface=eth3}]", routerOf(result, "six").get("track").toString());
        assertEquals("{both=[six, four]}", result.document().get("groups").toString());
        assertEquals(
                "{priority=50, lock-memory=true}",
                result.document().get("realtime").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "}",
                "{ {",
                "vrrp_instance {",
                "vrrp_instance a { \"",
                "$",
                "@x",
                "include",
                "include /nowhere/*",
                "$A=$A$A$A$A$A$A$A$A\n$A"
            })
    void shouldBearWhatIsNoConfiguration(String text) throws IOException {
        ImportResult result = read(text);
        assertFalse(result.routers() > 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vrrp_mcast_group4 224.0.0.100",
                "script_user nobody",
                "vrrp_startup_delay 10",
                "net_namespace left",
            })
    void shouldSayWhichGlobalsMakeADifference(String statement) throws IOException {
        ImportResult result = read("global_defs {\n" + statement + "\n}\n" + INSTANCE.formatted(""));
        assertEquals(1, important(result).size(), result.remarks().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.5 -> 1s", "0.4 -> 1s", "1.4 -> 1s", "1.5 -> 2s", "2 -> 2s"})
    void shouldRoundTheIntervalAsVersion2Does(String example) throws IOException {
        String[] sides = example.split(" -> ", 2);
        ImportResult result = read(INSTANCE.formatted("")
                .replace("advert_int 0.1", "advert_int " + sides[0])
                .replace("version 3", "version 2"));
        assertEquals(sides[1], routerOf(result, "web").get("advertisement-interval"));
        assertEquals(sides[0].contains(".") ? 1 : 0, important(result).size());
    }

    /** One success does not end what init_fail says, but {@code rise} of them do. */
    @Test
    void shouldBeginWithAFailureWhereTheScriptSaysSo() throws IOException {
        ImportResult result = read("vrrp_script s {\n script /bin/true\n rise 3\n init_fail\n}\n"
                + INSTANCE.formatted("track_script { s }"));
        assertTrue(
                routerOf(result, "web").get("track").toString().contains("rise=3, fall=1, initial=fully-down"),
                result.document().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "killall -0 haproxy -> 1",
                "/usr/bin/pidof nginx -> 1",
                "test -e /run/ok || pgrep nginx -> 1",
                "/usr/bin/test -e /run/pidof -> 0",
                "/opt/ps.sh -> 0"
            })
    void shouldSayThatTheUnitHidesProcesses(String example) throws IOException {
        String[] sides = example.split(" -> ", 2);
        ImportResult result =
                read("vrrp_script s {\n script \"" + sides[0] + "\"\n}\n" + INSTANCE.formatted("track_script { s }"));
        long told = important(result).stream()
                .filter(remark -> remark.contains("no processes of others"))
                .count();
        assertEquals(Long.parseLong(sides[1]), told, result.remarks().toString());
    }

    /** People make a group of a single instance to have its scripts in one place. */
    @Test
    void shouldTellTheScriptsOfAGroupOfOne() throws IOException {
        ImportResult result = read(
                INSTANCE.formatted("")
                        + "vrrp_sync_group VG {\n group {\n web\n }\n notify \"/bin/echo all\"\n notify_master \"/bin/echo master\"\n}\n");
        assertFalse(result.document().containsKey("groups"));
        List<String> told = new ArrayList<>();
        for (Object hook : (List<?>) result.document().get("hooks")) {
            told.addAll(run((Map<?, ?>) hook, new String[] {"active", "false"}));
        }
        told.sort(Comparator.naturalOrder());
        assertEquals(List.of("all GROUP VG MASTER 0", "master"), told);
    }

    @Test
    void shouldReadDefinitionsOfSeveralLinesThatNameOthers() throws IOException {
        ImportResult result = read("""
                $ID=51
                $INSTANCE= \\
                vrrp_instance VI_${ID} { \\
                    interface eth0 \\
                    virtual_router_id ${ID} \\
                    virtual_ipaddress { \\
                        192.0.2.${ID}/24 \\
                    } \\
                }
                $INSTANCE
                """);
        assertEquals(List.of(), result.remarks());
        assertEquals(51, routerOf(result, "VI_51").get("vrid"));
        assertEquals(List.of("192.0.2.51/24"), routerOf(result, "VI_51").get("vips"));
    }

    @Test
    void shouldSayWhatLinesThatRepeatThemselvesWouldHaveMade() throws IOException {
        ImportResult result = read(INSTANCE.formatted("virtual_ipaddress {\n ~SEQ(N, 20, 22) 192.0.2.$N/24\n}"));
        assertEquals(1, important(result).size(), result.remarks().toString());
        assertTrue(
                important(result).get(0).contains(":12:1: DIFFERENT: ~SEQ"),
                result.remarks().toString());
    }

    /** keepalived takes the lines for the name of its host when it is not told another. */
    @Test
    void shouldAskForTheHostThatLinesAreFor() throws IOException {
        String text = INSTANCE.formatted("@left priority 200\n@right priority 100");
        assertEquals(1, important(read(text)).size());
        Path file = directory.resolve("keepalived.conf");
        assertEquals(List.of(), important(KeepalivedImport.of(file, "left")));
    }

    @Test
    void shouldReadCommentsOfAnyCharacterSet() throws IOException {
        Path file = directory.resolve("keepalived.conf");
        Files.writeString(file, "# fa\u00e7ade\n" + INSTANCE.formatted(""), StandardCharsets.ISO_8859_1);
        assertEquals(List.of(), KeepalivedImport.of(file, "").remarks());
    }
}
