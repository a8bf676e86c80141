package org.eridanus.experiment;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Rows as CSV, for spreadsheets and plots. */
final class CsvReport {
    private CsvReport() {}

    /** Writes rows, the first one the head. */
    static void write(Path file, List<? extends List<?>> rows) {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, CSVFormat.RFC4180)) {
            printer.printRecords(rows);
        } catch (IOException e) {
            throw new UncheckedIOException("a string could not be written", e);
        }
        ReportFile.text(file, text.toString());
    }
}
