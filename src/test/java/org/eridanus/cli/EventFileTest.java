package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eridanus.cli.EventFile.Entry;
import org.eridanus.cli.EventFile.Format;
import org.eridanus.cli.EventFile.Kind;
import org.eridanus.event.Limits;
import org.eridanus.event.Rejection;
import org.junit.jupiter.api.Test;

class EventFileTest {
    @Test
    void shouldReadInteractionsFromCsv() throws IOException {
        List<Entry> entries = read(
                Kind.INTERACTIONS,
                Format.CSV,
                "user,item,type,rating,timestamp\n"
                        + "anna,\"a, \"\"b\"\"\",purchase,,2026-01-31T12:00:00Z\n"
                        + "\n"
                        + "ben,c,rating,4.5,881250949000\n"
                        + "cleo,d\n");

        assertThat(entries).allMatch(entry -> entry.rejection() == null);
        assertThat(entries).extracting(Entry::key).containsExactly("anna", "ben", "cleo");
        assertThat(entries)
                .extracting(entry -> new String(entry.value(), UTF_8))
                .containsExactly(
                        "{\"user\":\"anna\",\"item\":\"a, \\\"b\\\"\",\"type\":\"purchase\",\"timestamp\":1769860800000}",
                        "{\"user\":\"ben\",\"item\":\"c\",\"type\":\"rating\",\"rating\":4.5,\"timestamp\":881250949000}",
                        "{\"user\":\"cleo\",\"item\":\"d\"}");
    }

    @Test
    void shouldReadAttributesWithSeveralValues() throws IOException {
        List<Entry> entries =
                read(Kind.ITEMS, Format.CSV, "item,title,genres,year\n50,One|Two,Comedy|Drama,1994\n51,Three,,\n");

        assertThat(entries)
                .extracting(entry -> new String(entry.value(), UTF_8))
                .containsExactly(
                        "{\"item\":\"50\",\"title\":\"One|Two\",\"genres\":[\"Comedy\",\"Drama\"],\"year\":\"1994\"}",
                        "{\"item\":\"51\",\"title\":\"Three\"}");
    }

    @Test
    void shouldReadJsonLinesAsTheyStand() throws IOException {
        String line = "{\"user\":\"anna\",\"item\":\"a\",\"session\":7}";

        List<Entry> entries = read(Kind.INTERACTIONS, Format.JSONL, line + "\r\n\n" + line);

        assertThat(entries).hasSize(2);
        assertThat(new String(entries.get(0).value(), UTF_8).strip()).isEqualTo(line);
        assertThat(entries).extracting(Entry::line).containsExactly(1L, 3L);
        assertThat(entries).extracting(Entry::key).containsExactly("anna", "anna");
    }

    @Test
    void shouldSayWhyAndWhereARecordIsRefused() throws IOException {
        String long64k = "{\"user\":\"anna\",\"item\":\"a\",\"x\":\"" + "y".repeat(Limits.RECORD_BYTES) + "\"}";

        List<Entry> lines = read(
                Kind.INTERACTIONS,
                Format.JSONL,
                "{\"user\":\"anna\"}\nno json\n" + long64k
                        + "\n{\"item\":\"a\"}\n{\"user\":\"anna\",\"item\":\"a\"}\n");
        List<Entry> rows = read(
                Kind.INTERACTIONS,
                Format.CSV,
                "user,item,rating,timestamp\nanna,a,good,\nanna,a,,yesterday\n,a,,\nanna,a,1,1\n");

        assertThat(lines)
                .extracting(EventFileTest::reason)
                .containsExactly(
                        Rejection.Reason.MISSING_FIELD,
                        Rejection.Reason.MALFORMED,
                        Rejection.Reason.TOO_LARGE,
                        Rejection.Reason.MISSING_KEY,
                        null);
        assertThat(lines).extracting(Entry::line).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(rows)
                .extracting(EventFileTest::reason)
                .containsExactly(
                        Rejection.Reason.INVALID_FIELD,
                        Rejection.Reason.INVALID_FIELD,
                        Rejection.Reason.MISSING_KEY,
                        null);
        assertThat(rows).extracting(Entry::line).containsExactly(2L, 3L, 4L, 5L);
    }

    @Test
    void shouldRefuseFilesThatCannotBeRead() {
        assertThatThrownBy(() -> EventFile.open(Kind.USERS, "users.xls", null))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("say --format csv or --format jsonl");
        assertThatThrownBy(() -> EventFile.open(Kind.USERS, "no-such-file.csv", null))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("no-such-file.csv cannot be read");
    }

    private static Rejection.Reason reason(Entry entry) {
        return entry.rejection() == null ? null : entry.rejection().reason();
    }

    private static List<Entry> read(Kind kind, Format format, String text) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (EventFile file = EventFile.of(kind, format, new ByteArrayInputStream(text.getBytes(UTF_8)))) {
            for (var next = file.next(); next.isPresent(); next = file.next()) {
                entries.add(next.get());
            }
        }
        return entries;
    }
}
