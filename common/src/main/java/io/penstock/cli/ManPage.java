package io.penstock.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The manual page of one command, in the language of man(7). */
final class ManPage {
    private static final String SECTION = "(1)";

    private final CommandSpec spec;
    private final Roff page = new Roff();

    private ManPage(CommandSpec spec) {
        this.spec = spec;
    }

    /** Such as {@code l4-forwarder-backend-add}, as the page's file is called. */
    static String name(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    static String of(CommandSpec spec, String version) {
        return new ManPage(spec).write(version);
    }

    private String write(String version) {
        UsageMessageSpec usage = spec.usageMessage();
        List<String> description = lines(usage.description());
        page.title(name(spec).toUpperCase(Locale.ROOT), "1", "Penstock " + version, "Penstock Manual");
        page.section("NAME").text(name(spec) + " - " + summary(description));
        page.section("SYNOPSIS").text(synopsis());
        page.section("DESCRIPTION");
        description.forEach(page::paragraph);
        arguments();
        options();
        commands();
        exitStatus(usage.exitCodeList());
        footer(usage);
        seeAlso();
        return page.toString();
    }

    /** The first sentence, as whatis(1) shows it: in lower case, without the full stop. */
    private static String summary(List<String> description) {
        String first = description.get(0).replaceFirst("[.:;,] .*|\\.$", "");
        return first.substring(0, 1).toLowerCase(Locale.ROOT) + first.substring(1);
    }

    private String synopsis() {
        return new Help(spec, Help.defaultColorScheme(Ansi.OFF))
                .synopsis(0)
                .strip()
                .replaceAll("\\s+", " ");
    }

    private void arguments() {
        List<PositionalParamSpec> arguments = spec.positionalParameters();
        if (!arguments.isEmpty()) {
            page.section("ARGUMENTS");
            arguments.forEach(argument -> page.tagged(page.italic(argument.paramLabel()), describe(argument)));
        }
    }

    private void options() {
        page.section("OPTIONS");
        spec.options().stream()
                .filter(option -> !option.hidden())
                .sorted((a, b) -> a.longestName().compareTo(b.longestName()))
                .forEach(option -> page.tagged(tag(option), describe(option)));
    }

    private String tag(OptionSpec option) {
        String names = Arrays.stream(option.names()).map(page::bold).collect(Collectors.joining(", "));
        String value = page.italic(option.paramLabel());
        if (option.arity().max() == 0) {
            return names;
        }
        return names + (option.arity().min() == 0 ? "[=" + value + "]" : "=" + value);
    }

    private static String describe(ArgSpec argument) {
        return String.join(" ", lines(argument.description()));
    }

    private void commands() {
        List<CommandSpec> commands = spec.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.helpCommand())
                .toList();
        if (!commands.isEmpty()) {
            page.section("COMMANDS");
            commands.forEach(command -> page.tagged(
                    page.bold(name(command)) + SECTION,
                    String.join(" ", lines(command.usageMessage().description()))));
        }
    }

    private void exitStatus(Map<String, String> codes) {
        if (!codes.isEmpty()) {
            page.section("EXIT STATUS");
            codes.forEach((code, meaning) -> page.tagged(page.bold(code.strip()), meaning));
        }
    }

    private void footer(UsageMessageSpec usage) {
        List<String> footer = lines(usage.footer());
        if (footer.isEmpty()) {
            return;
        }
        if (usage.footerHeading().contains("Examples")) {
            page.section("EXAMPLES").verbatim(footer.stream().map(String::strip).toList());
        } else {
            page.section("NOTES").text(String.join(" ", footer).strip());
        }
    }

    private void seeAlso() {
        page.section("SEE ALSO");
        CommandSpec parent = spec.parent() == null ? spec : spec.parent();
        List<String> others = parent.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.equals(spec) && !command.helpCommand())
                .map(ManPage::name)
                .toList();
        String first = spec.parent() == null ? "" : page.bold(name(parent)) + SECTION + (others.isEmpty() ? "" : ", ");
        page.raw(first + others.stream().map(name -> page.bold(name) + SECTION).collect(Collectors.joining(", ")));
    }

    /** Without the percent signs that picocli's formats have. */
    private static List<String> lines(String... texts) {
        return Arrays.stream(texts)
                .map(text -> text.replace("%n", "\n").replace("%%", "%"))
                .toList();
    }
}
