package org.eridanus.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.streams.Topology;
import org.eridanus.model.Presets;
import org.eridanus.stream.PipelineSettings;
import org.eridanus.stream.Role;
import org.eridanus.topic.TopicDefinition;
import org.eridanus.topic.TopicFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eridanus topology}: the way of the data, from the topics' files and from the topologies themselves. */
@Command(
        name = "topology",
        mixinStandardHelpOptions = true,
        description = "Show the way of the data: who writes and reads each topic, and the steps of each role.",
        footer = {
            "",
            "Examples:",
            "  eridanus topology",
            "  eridanus topology --format mermaid > data.mmd    # a picture, for GitHub or mermaid.live",
            "  eridanus topology --format dot | dot -Tsvg > data.svg",
            "",
            "Exit code: 0 done, 2 wrong usage."
        })
final class TopologyCommand implements Callable<Integer> {
    /** How to show it. */
    enum Format {
        /** Tables and descriptions. */
        TEXT,
        /** A flowchart of Mermaid. */
        MERMAID,
        /** A graph of Graphviz. */
        DOT
    }

    /** An arrow from who writes a topic to it, or from it to who reads it. */
    private record Arrow(String from, String to) {}

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text, mermaid or dot (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TEXT;

    @Override
    public Integer call() {
        List<TopicDefinition> topics = TopicFiles.find().load();
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case TEXT -> text(topics, out);
            case MERMAID -> mermaid(topics, out);
            case DOT -> dot(topics, out);
        }
        out.flush();
        return 0;
    }

    private static void text(List<TopicDefinition> topics, PrintWriter out) {
        out.printf(Locale.ROOT, "%-24s %-10s %-18s %-18s %s%n", "TOPIC", "PARTITIONS", "WRITTEN BY", "READ BY", "KEY");
        for (TopicDefinition topic : topics) {
            out.printf(
                    Locale.ROOT,
                    "%-24s %-10s %-18s %-18s %s%n",
                    topic.name(),
                    topic.fixedPartitions().isPresent()
                            ? topic.fixedPartitions().getAsInt()
                            : "N",
                    String.join(", ", topic.writtenBy()),
                    String.join(", ", topic.readBy()),
                    topic.key());
        }
        for (Map.Entry<Role, Topology> role : PipelineSettings.of(Presets.online())
                .topologies(Clock.systemUTC())
                .entrySet()) {
            out.println();
            out.println(role.getKey().label().toUpperCase(Locale.ROOT));
            out.print(role.getValue().describe());
        }
    }

    private static void mermaid(List<TopicDefinition> topics, PrintWriter out) {
        out.println("flowchart LR");
        for (Role role : Role.values()) {
            out.println("  " + role.label() + "{{" + role.label().toUpperCase(Locale.ROOT) + "}}");
        }
        topics.forEach(topic -> out.println("  " + topic.name() + "[(" + topic.name() + ")]"));
        arrows(topics).forEach(arrow -> out.println("  " + arrow.from() + " --> " + arrow.to()));
    }

    private static void dot(List<TopicDefinition> topics, PrintWriter out) {
        out.println("digraph eridanus {");
        out.println("  rankdir=LR;");
        for (Role role : Role.values()) {
            out.println("  \"" + role.label() + "\" [shape=box, style=bold];");
        }
        topics.forEach(topic -> out.println("  \"" + topic.name() + "\" [shape=cylinder];"));
        arrows(topics).forEach(arrow -> out.println("  \"" + arrow.from() + "\" -> \"" + arrow.to() + "\";"));
        out.println("}");
    }

    private static List<Arrow> arrows(List<TopicDefinition> topics) {
        List<Arrow> arrows = new ArrayList<>();
        for (TopicDefinition topic : topics) {
            topic.writtenBy().forEach(writer -> arrows.add(new Arrow(writer, topic.name())));
            topic.readBy().forEach(reader -> arrows.add(new Arrow(topic.name(), reader)));
        }
        return arrows;
    }
}
