package org.eridanus.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.eclipse.jetty.http.HttpStatus;
import org.eridanus.event.EventRules;

/**
 * The live page, {@code /}, and the files it is made of, all of which come with the program. A browser asks each time
 * whether its copy still is the newest.
 *
 * <p>Threading: safe for use by all threads.
 */
public final class PageEndpoints implements Endpoints {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";

    private final Map<String, File> files = new LinkedHashMap<>();
    private final File page = File.of("page/index.html", HTML);

    /** A file as it is sent. */
    private static final class File {
        private final byte[] bytes;
        private final String type;
        private final String tag;

        private File(byte[] bytes, String type) {
            this.bytes = bytes;
            this.type = type;
            CRC32 sum = new CRC32();
            sum.update(bytes);
            this.tag = "\"" + Long.toHexString(sum.getValue()) + "-" + bytes.length + "\"";
        }

        static File of(String path, String type) {
            return new File(Resources.read(path), type);
        }
    }

    /** The page. */
    public PageEndpoints() {
        files.put("page.css", File.of("page/page.css", STYLE));
        for (String script : new String[] {"page.js", "charts.js", "combobox.js", "dom.js", "stream.js", "tryit.js"}) {
            files.put(script, File.of("page/" + script, SCRIPT));
        }
        files.put("icon.svg", File.of("page/icon.svg", "image/svg+xml"));
        files.put("uplot.js", File.of(UPLOT + "dist/uPlot.iife.min.js", SCRIPT));
        files.put("uplot.css", File.of(UPLOT + "dist/uPlot.min.css", STYLE));
        files.put("uplot-licence.txt", File.of(UPLOT + "LICENSE", TEXT));
    }

    @Override
    public void add(RoutesConfig routes) {
        routes.get("/", context -> send(context, page));
        routes.get("/page/{file}", context -> {
            File file = files.get(context.pathParam("file"));
            if (file == null) {
                throw new NotFoundResponse("the page has no file " + EventRules.quote(context.pathParam("file")));
            }
            send(context, file);
        });
    }

    private static void send(Context context, File file) {
        context.header("Cache-Control", "no-cache").header("ETag", file.tag);
        if (file.tag.equals(context.header("If-None-Match"))) {
            context.status(HttpStatus.NOT_MODIFIED_304);
        } else {
            context.contentType(file.type).result(file.bytes);
        }
    }
}
