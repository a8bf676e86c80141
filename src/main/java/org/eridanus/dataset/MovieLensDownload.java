package org.eridanus.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.eridanus.file.Folders;

/**
 * Fetches MovieLens-100K from GroupLens once, and keeps it in the user's cache. Nothing is unpacked whose MD5 is not the
 * one that GroupLens publishes.
 */
public final class MovieLensDownload {
    /** The archive at GroupLens. */
    public static final URI SOURCE = URI.create("https://files.grouplens.org/datasets/movielens/ml-100k.zip");

    /** Its MD5, as published beside it. */
    public static final String MD5 = "0e33842e24a9c977be4e0107933c0723";

    /** What people have to know before they use the data. */
    public static final String LICENCE =
            "MovieLens-100K may be used for research, not for commercial purposes, and not be"
                    + " redistributed; acknowledge GroupLens, University of Minnesota (F. M. Harper, J. A. Konstan, The MovieLens"
                    + " Datasets, 2015). Its README, which comes with it, has the whole licence.";

    private static final String FOLDER = "ml-100k";
    private static final long MOST_BYTES = 100L << 20;
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path cache;
    private final URI source;
    private final String md5;

    /**
     * A download.
     *
     * @param cache folder that the data set's folder is in, or will be
     * @param source the archive
     * @param md5 of the archive, hexadecimal
     */
    public MovieLensDownload(Path cache, URI source, String md5) {
        this.cache = cache;
        this.source = source;
        this.md5 = md5;
    }

    /** The download into this user's cache: below {@code XDG_CACHE_HOME}, or {@code .cache} in the home folder. */
    public static MovieLensDownload from(Map<String, String> environment) {
        String base = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path cache = base.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(base);
        return new MovieLensDownload(cache.resolve("eridanus"), SOURCE, MD5);
    }

    /**
     * The data set's folder; downloads it if it is not there yet.
     *
     * @param tell takes the licence and what is done, before it is done
     * @throws DatasetException if it cannot be fetched, or what comes is not what was published
     */
    public Path folder(Consumer<String> tell) {
        Path folder = cache.resolve(FOLDER);
        if (MovieLens.missingFiles(folder).isEmpty()) {
            return folder;
        }
        tell.accept(LICENCE);
        tell.accept("downloading " + source + " to " + folder);
        try {
            Files.createDirectories(cache);
            Path archive = Files.createTempFile(cache, "ml-100k", ".zip");
            Path unpacked = Files.createTempDirectory(cache, "ml-100k");
            try {
                fetch(archive);
                unpack(archive, unpacked);
                Path inside = unpacked.resolve(FOLDER);
                if (!MovieLens.missingFiles(inside).isEmpty()) {
                    throw new DatasetException(source + " must hold a folder " + FOLDER + " in its layout, but lacks "
                            + MovieLens.missingFiles(inside) + ": " + remedy());
                }
                Folders.delete(folder);
                Files.move(inside, folder, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(archive);
                Folders.delete(unpacked);
            }
            return folder;
        } catch (IOException e) {
            throw new DatasetException(source + " could not be fetched to " + cache + " (" + e + "): " + remedy(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatasetException("interrupted while fetching " + source, e);
        }
    }

    private String remedy() {
        return "try again, or unpack ml-100k.zip by hand and name its folder by --data";
    }

    private void fetch(Path archive) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpRequest request =
                HttpRequest.newBuilder(source).timeout(PATIENCE).GET().build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        MessageDigest digest = md5Digest();
        try (InputStream body = new DigestInputStream(response.body(), digest)) {
            if (response.statusCode() != 200) {
                throw new DatasetException(
                        source + " must answer with status 200, got " + response.statusCode() + ": " + remedy());
            }
            copy(body, archive, MOST_BYTES);
        }
        String got = HexFormat.of().formatHex(digest.digest());
        if (!got.equals(md5)) {
            throw new DatasetException("the archive's MD5 must be " + md5 + ", got " + got + " from " + source
                    + "; nothing was unpacked: " + remedy());
        }
    }

    private void unpack(Path archive, Path folder) throws IOException {
        long room = MOST_BYTES;
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new DatasetException("an archive's entries must stay in its folder, got '" + entry.getName()
                            + "' in " + source + ": do not use this archive");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Path parent = target.getParent();
                    Files.createDirectories(parent == null ? folder : parent);
                    room -= copy(zip, target, room);
                }
            }
        }
    }

    /** Copies at most so many bytes. */
    private long copy(InputStream in, Path file, long most) throws IOException {
        long copied = 0;
        byte[] buffer = new byte[1 << 16];
        try (var out = Files.newOutputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                copied += n;
                if (copied > most) {
                    throw new DatasetException(source + " must not hold more than " + MOST_BYTES
                            + " bytes, packed or unpacked: do not use this archive");
                }
                out.write(buffer, 0, n);
            }
        }
        return copied;
    }

    private static MessageDigest md5Digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
