package org.eridanus;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.beans.XMLDecoder;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.streams.KafkaStreams;
import org.eridanus.cli.Eridanus;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which package may know which. A package that is not in the table fails; one of the table that does not exist yet is
 * left out; and every rule is shown to find something where there is something to be found.
 */
class ArchitectureTest {
    private static final String ROOT = "org.eridanus";
    private static final Path SOURCES = Path.of("src/main/java/org/eridanus");

    /** Packages that run without a broker and without meters. */
    private static final Set<String> WITHOUT_KAFKA = Set.of(
            "event",
            "feature",
            "model",
            "baseline",
            "recommend",
            "evaluation",
            "trainer",
            "dataset",
            "experiment",
            "file");

    /** What each package may import of the project, itself aside. */
    private static final Map<String, Set<String>> MAY_IMPORT = table();

    /** Packages that this test must have seen, or it has looked in the wrong place. */
    private static final Set<String> CERTAIN = Set.of(
            "event",
            "feature",
            "model",
            "baseline",
            "evaluation",
            "trainer",
            "serde",
            "topic",
            "stream",
            "stream.processor",
            "cli");

    private static final String[] ND4J = {"org.nd4j..", "org.deeplearning4j..", "org.bytedeco.."};
    private static final String[] KAFKA_AND_METERS = {"org.apache.kafka..", "kafka..", "io.micrometer.."};

    /** What clients and Streams applications are meant to call; all else under Kafka's name is the broker's own. */
    private static final List<String> PUBLIC_KAFKA =
            List.of("org.apache.kafka.clients..", "org.apache.kafka.common..", "org.apache.kafka.streams..");

    private static final List<String> KAFKA = List.of("org.apache.kafka..", "kafka..");

    private static final JavaClasses CLASSES = mainClasses();

    private static Map<String, Set<String>> table() {
        Map<String, Set<String>> table = new TreeMap<>();
        table.put("event", Set.of());
        table.put("feature", Set.of("event"));
        table.put("model", Set.of("feature"));
        table.put("baseline", Set.of("feature", "model"));
        table.put("recommend", Set.of("event", "feature", "model"));
        table.put("evaluation", Set.of("event", "feature", "recommend"));
        table.put("trainer", Set.of("event", "feature", "model", "baseline", "evaluation"));
        table.put("file", Set.of());
        table.put("dataset", Set.of("event", "file"));
        table.put("experiment", WITHOUT_KAFKA);
        table.put("serde", Set.of("event", "feature", "model", "recommend", "evaluation", "trainer"));
        table.put("topic", Set.of());
        table.put("embedded", Set.of());
        // What it reads is named where it is written: the headers of dead letters by the processor that adds them.
        table.put(
                "accounting",
                Set.of(
                        "event",
                        "feature",
                        "model",
                        "recommend",
                        "evaluation",
                        "trainer",
                        "serde",
                        "topic",
                        "stream.processor"));
        // The monitors that the topologies report to are interfaces of stream, implemented by metrics.
        table.put("metrics", Set.of("event", "feature", "model", "recommend", "evaluation", "stream", "topic"));
        table.put(
                "live",
                Set.of(
                        "event",
                        "feature",
                        "model",
                        "recommend",
                        "evaluation",
                        "accounting",
                        "serde",
                        "topic",
                        "stream"));
        table.put("server", Set.of("event", "feature", "live", "model", "recommend", "evaluation", "metrics", "serde"));
        Set<String> stream = new TreeSet<>(table.keySet());
        stream.removeAll(
                Set.of("dataset", "experiment", "accounting", "metrics", "live", "server", "embedded", "file"));
        stream.addAll(Set.of("stream", "stream.processor"));
        table.put("stream", stream);
        table.put("stream.processor", stream);
        // It makes the settings that belong to these.
        table.put("config", Set.of("event", "feature", "model", "trainer", "topic", "stream", "server"));
        table.put("cli", Set.copyOf(table.keySet()));
        return table;
    }

    /** The classes of the folder or archive that the command line was loaded from, so no test is among them. */
    private static JavaClasses mainClasses() {
        try {
            return new ClassFileImporter()
                    .importPath(Path.of(Eridanus.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the classes under test were not loaded from a folder", e);
        }
    }

    static Set<String> existingPackages() {
        return CLASSES.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(type -> relative(type.getPackageName()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> existingPackagesWithoutKafka() {
        Set<String> packages = existingPackages();
        packages.retainAll(WITHOUT_KAFKA);
        return packages;
    }

    @Test
    void shouldSeeEveryPackageThatHasSources() throws IOException {
        Set<String> sources = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .forEach(file -> sources.add(SOURCES.relativize(file.getParent())
                            .toString()
                            .replace(file.getFileSystem().getSeparator(), ".")));
        }

        assertThat(existingPackages()).isEqualTo(sources).containsAll(CERTAIN);
    }

    @Test
    void shouldHaveEveryPackageInTheTable() {
        assertThat(MAY_IMPORT.keySet())
                .as("a new package needs a row in the table of packages: what it is, and what it may import")
                .containsAll(existingPackages());
    }

    @ParameterizedTest
    @MethodSource("existingPackages")
    void shouldImportWhatTheTableAllows(String name) {
        importsOnly(name, MAY_IMPORT.getOrDefault(name, Set.of())).check(CLASSES);
    }

    @Test
    void shouldHaveNoCycles() {
        slices().matching(ROOT + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(false)
                .check(CLASSES);
    }

    @Test
    void shouldKnowNd4jInTheNumericPackagesAlone() {
        onlyIn(Set.of("model", "baseline"), ND4J).check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("existingPackagesWithoutKafka")
    void shouldKnowNothingOfKafkaAndMetersInTheCore(String name) {
        knowsNothingOf(name, KAFKA_AND_METERS).check(CLASSES);
    }

    @Test
    void shouldTouchTheBrokersInternalsInTheEmbeddedBrokerAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".embedded..")
                .should()
                .dependOnClassesThat(brokerInternals())
                .allowEmptyShould(false)
                .check(CLASSES);
    }

    @Test
    void shouldEndTheJvmInTheCommandLineAlone() {
        endsNoJvm(ROOT + ".cli..").check(CLASSES);
    }

    /** Bytes that say which classes to make are the oldest way into a JVM. */
    @Test
    void shouldReadNoSerialisedObjects() {
        readsNoObjects(ObjectInputStream.class, XMLDecoder.class).check(CLASSES);
    }

    @Test
    void shouldMarkEveryPackageForNullness() {
        List<String> unmarked = new ArrayList<>();
        for (String name : existingPackages()) {
            String info = ROOT + "." + name + ".package-info";
            if (!CLASSES.contain(info) || !CLASSES.get(info).isAnnotatedWith(NullMarked.class)) {
                unmarked.add(name);
            }
        }

        assertThat(unmarked)
                .as("packages whose package-info is missing or lacks @NullMarked")
                .isEmpty();
    }

    @Test
    void shouldFindWhatBreaksARule() {
        assertThat(violations(importsOnly("feature", Set.of()))).anyMatch(line -> line.contains("org.eridanus.event."));
        assertThat(violations(importsOnly("trainer", Set.of("event", "feature", "baseline", "evaluation"))))
                .anyMatch(line -> line.contains("org.eridanus.model."));
        assertThat(violations(onlyIn(Set.of("baseline"), ND4J))).anyMatch(line -> line.contains("org.nd4j."));
        assertThat(violations(knowsNothingOf("stream", KAFKA_AND_METERS)))
                .anyMatch(line -> line.contains("org.apache.kafka."));
        assertThat(violations(endsNoJvm("nowhere.."))).anyMatch(line -> line.contains("System.exit(int)"));
        assertThat(violations(readsNoObjects(DataInputStream.class))).anyMatch(line -> line.contains("PartReader"));
        // A sealed interface and the records inside it know each other.
        assertThat(violations(
                        slices().assignedFrom(new EachClassOfModel()).should().beFreeOfCycles()))
                .anyMatch(line -> line.contains("Cycle detected"));
    }

    /** Slices so small that there are cycles between them. */
    private static final class EachClassOfModel implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().equals(ROOT + ".model")
                    ? SliceIdentifier.of(type.getName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "each class of package model";
        }
    }

    @Test
    void shouldTellTheBrokersInternalsFromItsClients() {
        for (Class<?> internal : List.of(
                KafkaRaftServer.class, MetaPropertiesEnsemble.class, MetadataVersion.class, QuorumConfig.class)) {
            assertThat(isBrokerInternal(internal.getPackageName()))
                    .as(internal.getName())
                    .isTrue();
        }
        for (Class<?> open : List.of(KafkaProducer.class, KafkaStreams.class, TopicPartition.class, String.class)) {
            assertThat(isBrokerInternal(open.getPackageName()))
                    .as(open.getName())
                    .isFalse();
        }
    }

    private static ArchRule importsOnly(String name, Set<String> others) {
        String[] allowed = Stream.concat(Stream.of(name), others.stream())
                .map(other -> ROOT + "." + other)
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(ROOT + "..").or(resideInAnyPackage(allowed)))
                .as("package " + name + " imports of the project only " + new TreeSet<>(others))
                .allowEmptyShould(false);
    }

    private static ArchRule onlyIn(Set<String> packages, String... libraries) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(
                        packages.stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries)
                .as("only " + packages + " know " + Arrays.toString(libraries))
                .allowEmptyShould(false);
    }

    private static ArchRule knowsNothingOf(String name, String... libraries) {
        return noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries)
                .allowEmptyShould(false);
    }

    private static ArchRule endsNoJvm(String except) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(except)
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .allowEmptyShould(false);
    }

    private static ArchRule readsNoObjects(Class<?>... readers) {
        return noClasses().should().dependOnClassesThat().belongToAnyOf(readers).allowEmptyShould(false);
    }

    private static DescribedPredicate<JavaClass> brokerInternals() {
        return describe("the broker's internals", type -> isBrokerInternal(type.getPackageName()));
    }

    private static boolean isBrokerInternal(String packageName) {
        return matchesAny(packageName, KAFKA) && !matchesAny(packageName, PUBLIC_KAFKA);
    }

    private static boolean matchesAny(String packageName, List<String> patterns) {
        return patterns.stream().anyMatch(pattern -> PackageMatcher.of(pattern).matches(packageName));
    }

    private static List<String> violations(ArchRule rule) {
        return rule.evaluate(CLASSES).getFailureReport().getDetails();
    }

    private static String relative(String packageName) {
        return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
    }
}
