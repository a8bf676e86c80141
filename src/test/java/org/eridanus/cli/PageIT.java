package org.eridanus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.eridanus.dataset.Dataset;
import org.eridanus.testing.Await;
import org.eridanus.testing.CuttableProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The live page in Chromium, which has to be installed with its driver (Debian: {@code chromium chromium-driver}); without,
 * these tests are skipped, and say so, or fail where {@code CI=true}. What it looks like is left in {@code target/page}.
 */
class PageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path LOOKS = Path.of("target", "page");
    /** Lets a test keep a page from hearing of lists, as when they come while it is not connected. */
    private static final String DEAF = """
            window.EventSource = class extends EventSource {
              addEventListener(name, take) {
                super.addEventListener(name, (event) => { if (name !== "list" || !window.deaf) take(event); });
              }
            };
            """;

    private static final Dataset WORLD = SmallWorld.generate();

    @TempDir
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static LocalPipeline pipeline;

    @SuppressWarnings("NullAway.Init")
    private static CuttableProxy proxy;

    @SuppressWarnings("NullAway.Init")
    private static ChromeDriver browser;

    @BeforeAll
    static void start() throws IOException {
        Optional<File> chromium = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<File> driver = onPath("chromedriver");
        if (chromium.isEmpty() || driver.isEmpty()) {
            String skipped = "the live page is not tested: chromium and chromedriver must be on PATH";
            System.out.println(skipped);
            assertThat(System.getenv("CI"))
                    .as("CI, where nothing may be skipped: %s", skipped)
                    .isNotEqualTo("true");
            Assumptions.abort(skipped);
        }
        Files.createDirectories(LOOKS);
        pipeline = SmallWorld.demo(folder.resolve("data"));
        try (EventPublisher publisher = new EventPublisher(pipeline.bootstrapServers())) {
            SmallWorld.publishCatalogue(WORLD, pipeline, publisher);
            WORLD.interactions().forEach(publisher::publish);
            publisher.flush();
        }
        Await.until(PATIENCE, () -> get("model").get("events").asLong() == 1_500, "everything learned from");
        Await.until(PATIENCE, () -> get("model").get("items").asInt() == 150, "titles");
        proxy = new CuttableProxy(pipeline.http().getPort());
        browser = browser(chromium.get(), driver.get());
        browser.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", DEAF));
    }

    private static ChromeDriver browser(File chromium, File driver) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium);
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--window-size=1280,1000",
                "--user-data-dir=" + folder.resolve("browser"));
        return new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver)
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    @AfterAll
    static void stop() throws IOException {
        if (browser != null) {
            browser.quit();
        }
        if (proxy != null) {
            proxy.close();
        }
        if (pipeline != null) {
            pipeline.close();
        }
    }

    @BeforeEach
    void load() {
        look(1280, 1000, false);
        browser.get("http://127.0.0.1:" + proxy.port() + "/");
        awaitText("status", "live");
    }

    @Test
    void shouldLetAPersonChangeAListByTheKeyboardAlone() throws IOException {
        String user = WORLD.users().get(7).id();
        pick(user);
        awaitList();
        int consumed = get("users/" + user).get("consumed").asInt();
        String first = places().get(0);
        String title = text(".place .title");
        with(".place summary", summary -> summary.sendKeys(Keys.ENTER));
        assertThat(browser.findElements(By.cssSelector(".place:first-child .parts dt")))
                .as("reasons by combination")
                .extracting(WebElement::getText)
                .contains("recent·item", "history·item", "session·genre");

        with(".place button", button -> button.sendKeys(Keys.ENTER));

        Await.until(PATIENCE, () -> measured("listed") > 0, "the list changed");
        Await.until(PATIENCE, () -> measured("learned") > 0, "the model learned");
        assertThat(measured("learned")).isGreaterThanOrEqualTo(measured("listed"));
        Await.until(PATIENCE, () -> !places().contains(first) && places().size() == 10, "the watched one gone");
        Await.until(
                PATIENCE, () -> title.startsWith(text("#history li:first-child")), "the watched one in the history");
        assertThat(get("users/" + user).get("consumed").asInt()).isEqualTo(consumed + 1);
        assertThat(text("#events li .thing")).isNotBlank();
        assertThat(text("#rate-note")).contains("learned from so far");
        save("acted");
        assertNothingWentWrong();
    }

    /** The user does something else meanwhile, as in a replay. */
    @Test
    void shouldTellWhatWasWatchedApartInTheHistory() throws Exception {
        String user = WORLD.users().get(17).id();
        pick(user);
        awaitList();
        String title = text(".place .title");
        with(".place button", WebElement::click);
        Await.until(PATIENCE, () -> measured("learned") > 0, "the model learned");

        HttpRequest another = HttpRequest.newBuilder(pipeline.http().resolve("interactions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"user\":\"" + user + "\",\"item\":\"unheard-of\"}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(another, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(202);

        Await.until(PATIENCE, () -> text("#history li:first-child").equals("unheard-of"), "what the user did else");
        assertThat(text("#history li.fresh")).isNotEmpty().isEqualTo(text("#history li:nth-child(2)"));
        assertThat(title).startsWith(text("#history li.fresh"));
        assertNothingWentWrong();
    }

    @Test
    void shouldGetToKnowAUserWhoWasMadeUp() {
        browser.findElement(By.id("invent")).click();
        Await.until(PATIENCE, () -> text("#list-source").contains("no history yet: by popularity"), "a first list");
        assertThat(text("#who")).startsWith("guest-");

        browser.findElement(By.id("item")).sendKeys(WORLD.items().get(3).title());
        Await.until(
                PATIENCE,
                () -> !browser.findElements(By.cssSelector("#item-list [role=option]"))
                                .isEmpty()
                        && browser.findElement(By.id("item-list")).isDisplayed(),
                "a title found");
        browser.findElement(By.id("item")).sendKeys(Keys.ARROW_DOWN, Keys.ENTER);

        Await.until(PATIENCE, () -> measured("learned") > 0, "the model learned");
        Await.until(
                PATIENCE,
                () -> places().size() == 10 && !text("#list-source").contains("no history"),
                "a list ranked by the model");
        // What is shown of a user is drawn anew with each list.
        String watched = WORLD.items().get(3).title();
        Await.until(PATIENCE, () -> text("#history li:first-child").equals(watched), watched + " in the history");
        assertNothingWentWrong();
    }

    @Test
    void shouldGoOnAfterTheConnectionWasLost() throws IOException {
        pick(WORLD.users().get(9).id());
        awaitList();
        assertNothingWentWrong();

        proxy.cut();
        awaitText("status", "reconnecting");
        proxy.mend();

        awaitText("status", "live");
        browser.manage().logs().get(LogType.BROWSER);
        String first = places().get(0);
        with(".place button", WebElement::click);
        Await.until(PATIENCE, () -> measured("listed") > 0 && !places().contains(first), "the list changed");
        assertNothingWentWrong();
    }

    /** A click whose list comes while the page is not connected: it is not told again. */
    @Test
    void shouldTellThatAListChangedWhileTheConnectionWasLost() throws IOException {
        String user = WORLD.users().get(13).id();
        pick(user);
        awaitList();
        int consumed = get("users/" + user).get("consumed").asInt();
        String first = places().get(0);
        browser.executeScript("window.deaf = true");

        with(".place button", WebElement::click);
        Await.until(PATIENCE, () -> get("users/" + user).get("consumed").asInt() > consumed, "the scorer's part");
        Await.pass(Duration.ofMillis(500));
        assertThat(text("#outcome")).startsWith("telling Kafka of");
        assertThat(enabled()).as("buttons but the one that was clicked").isEqualTo(9);
        browser.executeScript("window.deaf = false");
        proxy.cut();
        awaitText("status", "reconnecting");
        proxy.mend();

        Await.until(
                PATIENCE,
                () -> text("#outcome")
                        .endsWith(
                                "changed the list while the page was not connected, and the model has learned from it."),
                "what happened meanwhile");
        assertThat(measured("listed")).as("ms that nobody measured").isZero();
        assertThat(places()).hasSize(10).doesNotContain(first);
        assertThat(enabled()).as("buttons").isEqualTo(10);
        browser.manage().logs().get(LogType.BROWSER);
    }

    /** Pages that are connected. */
    private static long viewers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("live-viewer"))
                .count();
    }

    private static long enabled() {
        return number("return document.querySelectorAll('.place button:enabled').length");
    }

    /** Browsers have six connections to a server, for all pages together. */
    @Test
    void shouldKeepNoConnectionWhileNobodySeesThePage() {
        pick(WORLD.users().get(15).id());
        awaitList();
        String page = browser.getWindowHandle();
        Await.until(PATIENCE, () -> viewers() == 1, "earlier pages to be gone");

        browser.switchTo().newWindow(WindowType.TAB);
        try {
            Await.until(PATIENCE, () -> viewers() == 0, "the page to let go of its connection");
        } finally {
            browser.close();
            browser.switchTo().window(page);
        }

        awaitText("status", "live");
        assertThat(viewers()).isEqualTo(1);
        String first = places().get(0);
        with(".place button", WebElement::click);
        Await.until(PATIENCE, () -> measured("listed") > 0 && !places().contains(first), "the list changed");
        assertNothingWentWrong();
    }

    @ParameterizedTest
    @CsvSource({"1280, 1000, false", "1280, 1000, true", "390, 844, false", "390, 844, true"})
    void shouldBeAccessibleAndFitTheScreen(int width, int height, boolean dark) throws IOException {
        look(width, height, dark);
        pick(WORLD.users().get(11).id());
        awaitList();
        with(".place summary", WebElement::click);
        save((width < 500 ? "phone" : "wide") + (dark ? "-dark" : "-light"));

        // A phone's innerWidth grows with what does not fit.
        assertThat(number("return document.documentElement.scrollWidth"))
                .as("px that the page takes")
                .isLessThanOrEqualTo(width);
        assertThat(accessibilityViolations()).isEmpty();
        assertNothingWentWrong();
    }

    @Test
    void shouldOfferWhoWasActiveLast() {
        Await.until(PATIENCE, () -> !text("#people button").isEmpty(), "somebody to pick");
        String offered = text("#people button");

        with("#people button", button -> button.sendKeys(Keys.ENTER));

        Await.until(PATIENCE, () -> !text("#who").isEmpty(), "somebody picked");
        assertThat(offered).startsWith(text("#who"));
        assertThat(browser.switchTo().activeElement().getAttribute("id"))
                .as("where the keyboard goes on")
                .isEqualTo("who-line");
        awaitList();
        assertNothingWentWrong();
    }

    @Test
    void shouldDrawNarrowerCurvesInANarrowerWindow() {
        Await.until(PATIENCE, () -> curve() > 500, "a wide curve");

        look(1000, 1000, false);

        Await.until(PATIENCE, () -> curve() < 500, "a narrow curve");
        assertThat(number("return document.documentElement.scrollWidth")).isLessThanOrEqualTo(1000);
    }

    /** Width of the first curve, px. */
    private static long curve() {
        return number("return document.querySelector('#plot-hit .uplot')?.offsetWidth || 0");
    }

    @Test
    void shouldLoadNothingFromElsewhere() {
        Object loaded = browser.executeScript(
                "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(origin))");
        Object files = browser.executeScript("return performance.getEntriesByType('resource').map(e => e.name)");

        assertThat((List<?>) loaded).isEmpty();
        assertThat(files.toString())
                .contains("/page/uplot.js")
                .contains("/page/page.css")
                .contains("/page/tryit.js");
    }

    /** Waits for ten recommendations that nobody draws anew: the list comes by HTTP first, and then from the topic. */
    private static void awaitList() {
        Await.until(PATIENCE, () -> places().size() == 10, "ten recommendations");
        Await.until(
                PATIENCE,
                () -> Boolean.TRUE.equals(browser.executeAsyncScript("const done = arguments[0];"
                        + "const place = document.querySelector('#list-items > li');"
                        + "setTimeout(() => done(place !== null && place.isConnected), 1000);")),
                "a list that stands still");
    }

    /** Does something with an element; a list that was drawn anew since it was found is looked at again. */
    private static void with(String selector, Consumer<WebElement> act) {
        Await.until(
                PATIENCE,
                () -> {
                    try {
                        act.accept(browser.findElement(By.cssSelector(selector)));
                        return true;
                    } catch (StaleElementReferenceException e) {
                        return false;
                    }
                },
                selector + " to stand still");
    }

    private static void pick(String user) {
        WebElement field = browser.findElement(By.id("user"));
        field.clear();
        field.sendKeys(user);
        Await.until(PATIENCE, () -> browser.findElement(By.id("user-list")).isDisplayed(), "users found");
        field.sendKeys(Keys.ARROW_DOWN, Keys.ENTER);
        Await.until(PATIENCE, () -> text("#who").equals(user), "the user");
    }

    /** Ids of the recommended items, the best first. */
    private static List<String> places() {
        Object ids = browser.executeScript(
                "return [...document.querySelectorAll('#list-items > li')].map(each => each.dataset.item)");
        return ((List<?>) ids).stream().map(String::valueOf).toList();
    }

    /** Milliseconds from the click, 0 while there are none. */
    private static long measured(String what) {
        return number("return Number(document.getElementById('outcome').dataset." + what + " || 0)");
    }

    private static long number(String script) {
        return ((Number) java.util.Objects.requireNonNull(browser.executeScript(script))).longValue();
    }

    private static String text(String selector) {
        try {
            return browser.findElements(By.cssSelector(selector)).stream()
                    .findFirst()
                    .map(WebElement::getText)
                    .orElse("");
        } catch (StaleElementReferenceException e) {
            return "";
        }
    }

    private static void awaitText(String id, String expected) {
        Await.until(PATIENCE, () -> text("#" + id).equals(expected), id + " " + expected);
    }

    private static void look(int width, int height, boolean dark) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    private static void save(String name) throws IOException {
        Files.write(LOOKS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    /** What axe finds, a line each. */
    private static List<String> accessibilityViolations() throws IOException {
        try (InputStream axe = PageIT.class.getResourceAsStream("/axe.min.js")) {
            browser.executeScript(
                    new String(java.util.Objects.requireNonNull(axe).readAllBytes(), UTF_8));
        }
        Object result = browser.executeAsyncScript(
                "const done = arguments[0];"
                        + "axe.run().then(found => done(JSON.stringify({passes: found.passes.length, violations:"
                        + " found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).join(' | '))})))");
        JsonNode found = new ObjectMapper().readTree(String.valueOf(result));
        assertThat(found.get("passes").asInt()).as("rules that axe could check").isGreaterThan(15);
        return Stream.of(found.get("violations"))
                .flatMap(each -> java.util.stream.StreamSupport.stream(each.spliterator(), false))
                .map(JsonNode::asText)
                .toList();
    }

    private static void assertNothingWentWrong() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .filteredOn(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .extracting(LogEntry::getMessage)
                .isEmpty();
    }

    private static JsonNode get(String path) {
        try {
            URI uri = pipeline.http().resolve(path);
            return new ObjectMapper()
                    .readTree(HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<File> onPath(String... names) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(names)
                .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(each -> new File(each, name)))
                .filter(File::canExecute)
                .findFirst();
    }
}
