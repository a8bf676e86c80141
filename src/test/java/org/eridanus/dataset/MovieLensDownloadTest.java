package org.eridanus.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovieLensDownloadTest {
    @TempDir
    private Path root;

    private final List<String> told = new ArrayList<>();
    private byte[] archive = new byte[0];
    private int status = 200;
    private int requests;
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/ml-100k.zip", exchange -> {
            requests++;
            exchange.sendResponseHeaders(status, archive.length);
            exchange.getResponseBody().write(archive);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private MovieLensDownload download(String md5) {
        URI source = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/ml-100k.zip");
        return new MovieLensDownload(root.resolve("cache"), source, md5);
    }

    private static byte[] zip(Path folder, String prefix) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                zip.putNextEntry(new ZipEntry(prefix + file.getFileName()));
                zip.write(Files.readAllBytes(file));
            }
        }
        return bytes.toByteArray();
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> inCache() {
        try (Stream<Path> files = Files.list(root.resolve("cache"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldFetchOnceAndSayTheLicenceFirst() throws IOException {
        archive = zip(MovieLensFolder.write(root.resolve("films")), "ml-100k/");
        MovieLensDownload download = download(md5(archive));

        DataSets dataSets = DataSets.from(Map.of(), download, told::add);
        Dataset first = dataSets.load("movielens");
        Dataset second = dataSets.load("movielens");

        assertThat(first.interactions()).hasSize(5).isEqualTo(second.interactions());
        assertThat(requests).isEqualTo(1);
        assertThat(told).hasSize(2);
        assertThat(told.get(0)).contains("research").contains("GroupLens");
        assertThat(inCache()).containsExactly("ml-100k");
    }

    @Test
    void shouldRefuseAnArchiveWithAnotherMd5AndLeaveNothing() throws IOException {
        archive = zip(MovieLensFolder.write(root.resolve("films")), "ml-100k/");

        assertThatThrownBy(() -> download(MovieLensDownload.MD5).folder(told::add))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("MD5 must be 0e33842e24a9c977be4e0107933c0723, got " + md5(archive))
                .hasMessageContaining("nothing was unpacked");
        assertThat(inCache()).isEmpty();
    }

    @Test
    void shouldRefuseEntriesThatLeaveTheFolder() throws IOException {
        archive = zip(MovieLensFolder.write(root.resolve("films")), "../../");

        assertThatThrownBy(() -> download(md5(archive)).folder(told::add))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("must stay in its folder");
        assertThat(root.resolve("u.data")).doesNotExist();
        assertThat(inCache()).isEmpty();
    }

    @Test
    void shouldRefuseAnArchiveThatUnpacksToFarMoreThanItHolds() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("ml-100k/u.data"));
            byte[] zeros = new byte[1 << 20];
            for (int mebibyte = 0; mebibyte < 101; mebibyte++) {
                zip.write(zeros);
            }
        }
        archive = bytes.toByteArray();

        assertThat(archive).hasSizeLessThan(1 << 20);
        assertThatThrownBy(() -> download(md5(archive)).folder(told::add))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("must not hold more than 104857600 bytes");
        assertThat(inCache()).isEmpty();
    }

    @Test
    void shouldSayWhatTheServerAnswered() {
        status = 503;

        assertThatThrownBy(() -> download(MovieLensDownload.MD5).folder(told::add))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("status 200, got 503")
                .hasMessageContaining("by hand");
    }
}
