package org.eridanus.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tiny folder in the layout of MovieLens-100K, with invented data: two users, three items, five ratings. */
final class MovieLensFolder {
    static final String GENRES = "unknown|0\nComedy|1\nDrama|2\nWar|3\n\n";
    static final String USERS = "1|24|M|technician|85711\n2|53|F|baker|T8H1N\n";
    static final String ITEMS = "1|Caf\u00e9 Encore (1995)|01-Jan-1995||http://example.org/1|0|1|1|0\n"
            + "2|A Goose Called Pylon|4-Feb-1971||http://example.org/2|0|0|0|1\n"
            + "3|unknown||||1|0|0|0\n";
    static final String RATINGS =
            "2\t1\t3\t881250949\n1\t1\t5\t881250949\n1\t3\t1\t881250000\n2\t2\t4\t891717742\n1\t2\t2\t881250949\n";

    private MovieLensFolder() {}

    /** Writes the four files into {@code folder}, which is made. */
    static Path write(Path folder) {
        write(folder, "u.genre", GENRES);
        write(folder, "u.user", USERS);
        write(folder, "u.item", ITEMS);
        write(folder, "u.data", RATINGS);
        return folder;
    }

    /** Writes one file, in Latin-1. */
    static void write(Path folder, String file, String content) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(file), content, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
