package org.eridanus.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.eridanus.testing.FuzzTarget;

/** Readers of data sets; their files stand one after the other, parted by bytes of 0. */
public final class DatasetFuzzTargets {
    /** By name. */
    public static final Map<String, FuzzTarget> ALL = Map.of(
            "csv-folder", new Folder(CsvFolder::read, "interactions.csv", "users.csv", "items.csv"),
            "movielens", new Folder(MovieLens::read, "u.genre", "u.user", "u.item", "u.data"),
            "movielens-latest", new Folder(MovieLensLatest::read, "ratings.csv", "movies.csv"));

    private DatasetFuzzTargets() {}

    private interface Reader {
        Dataset read(Path folder);
    }

    private static final class Folder implements FuzzTarget {
        private final Reader reader;
        private final String[] names;

        Folder(Reader reader, String... names) {
            this.reader = reader;
            this.names = names;
        }

        @Override
        public boolean accepts(byte[] bytes) throws IOException {
            Path folder = Files.createTempDirectory("eridanus-fuzz");
            try {
                int from = 0;
                for (String name : names) {
                    int to = from;
                    while (to < bytes.length && bytes[to] != 0) {
                        to++;
                    }
                    if (from <= bytes.length) {
                        Files.write(folder.resolve(name), Arrays.copyOfRange(bytes, from, to));
                    }
                    from = to + 1;
                }
                reader.read(folder);
                return true;
            } catch (DatasetException refused) {
                return false;
            } finally {
                for (String name : names) {
                    Files.deleteIfExists(folder.resolve(name));
                }
                Files.delete(folder);
            }
        }
    }
}
