package org.eridanus.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spares a short run the thorough compilation of code that it leaves too soon to gain by it.
 *
 * <p>HotSpot's second compiler, C2, works beside the pipeline. In a run of a minute on two cores it takes up to a third of
 * all processor time, nearly all for the broker's and the clients' wide code, which runs hardly faster for it. Here the
 * first compiler has to do for everything but the model's arithmetic and the vectors it is written with, which are objects
 * until C2 has made instructions of them. A process that stays for hours should not use this.
 */
final class ShortRunCompilation {
    /** With more cores than this C2 takes nothing away from the pipeline. */
    static final int MOST_CORES = 4;

    private static final Logger LOG = LoggerFactory.getLogger(ShortRunCompilation.class);

    /** HotSpot's compiler directives; the first that matches a method counts. */
    private static final String DIRECTIVES = """
            [
              {
                match: [
                  "org/eridanus/model/*.*", "org/eridanus/trainer/*.*", "org/eridanus/baseline/*.*",
                  "org/eridanus/recommend/*.*", "org/eridanus/feature/*.*",
                  "java/util/Arrays.*", "java/util/HashMap*.*", "java/lang/Math.*", "java/lang/String*.*",
                  "jdk/incubator/vector/*.*", "jdk/internal/vm/vector/*.*", "jdk/internal/util/*.*",
                  "java/util/Objects.*", "java/lang/Float.*", "java/lang/Integer.*", "java/lang/Object.*"
                ],
                c2: { Exclude: false }
              },
              { match: ["*.*"], c2: { Exclude: true } }
            ]
            """;

    private ShortRunCompilation() {}

    /**
     * Tells this JVM, from now on and until it ends, if it has few cores.
     *
     * @return whether it was told and is a JVM that understands
     */
    static boolean apply() {
        return Runtime.getRuntime().availableProcessors() <= MOST_CORES && tell(DIRECTIVES);
    }

    /** Adds directives; false where the JVM does not know of them, or finds fault with them. */
    static boolean tell(String directives) {
        try {
            Path file = Files.createTempFile("eridanus-compiler", ".json");
            try {
                Files.writeString(file, directives);
                Object answer = ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "compilerDirectivesAdd",
                                new Object[] {new String[] {file.toString()}},
                                new String[] {String[].class.getName()});
                LOG.debug("compiler directives: {}", answer);
                return String.valueOf(answer).contains("directives added");
            } finally {
                Files.delete(file);
            }
        } catch (JMException | IOException e) {
            LOG.debug("no compiler directives: only speed depends on them", e);
            return false;
        }
    }
}
