package io.shmipc.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** A newcomer looks, measures and breaks, in a real browser; pictures of it go to target/screenshots. */
@RequiresBrowser
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path PICTURES =
            Path.of(System.getProperty("sample.target", "target")).resolve("screenshots");
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 900;
    private static final int MAX_TABS = 40;
    private static final int WIDTH_OF_A_PHONE = 390;
    private static final int HEIGHT_OF_A_PHONE = 844;

    @TempDir
    static Path directory;

    private static Lab lab;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        lab = new Lab(directory);
        lab.awaitFirstComparison();
        browser = new Browser(directory.resolve("profile"));
        browser.setSize(WIDTH, HEIGHT, false);
        browser.setColours("light");
        browser.open(lab.base() + "/");
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    @Order(1)
    void showsTheLiveState() {
        await(() -> {
            assertThat(browser.text("#chip-health")).isEqualTo("Health UP");
            assertThat(browser.text("#chip-breaker")).isEqualTo("Breaker closed");
            assertThat(browser.text("#chip-feed")).isEqualTo("Feed live");
            assertThat(browser.text("#client-pid"))
                    .isEqualTo("process " + lab.process().pid());
            assertThat(browser.text("#server-pid"))
                    .isEqualTo("process " + lab.process().children().get(0).pid());
            assertThat(browser.text("#tile-sessions")).isEqualTo("1");
            assertThat(number("#tile-calls")).isPositive();
            assertThat(browser.text("#tile-p50")).matches("[0-9.]+ (µs|ms)");
            assertThat(browser.findAll(By.cssSelector("#region-lists canvas"))).hasSize(3);
            assertThat(browser.text("#region-words")).contains("of 7.9 MiB in use");
        });
    }

    @Test
    @Order(2)
    void measuresAndShowsChartsAndTable() throws Exception {
        browser.click("#measure-start");
        await(() -> assertThat(browser.text("#measure-words")).startsWith("Measuring:"));
        assertThat(browser.find(By.id("measure-start")).isEnabled()).isFalse();
        await(() -> assertThat(browser.text("#measure-words")).isEqualTo("Done."));

        assertThat(browser.findAll(By.cssSelector("#chart-latency svg circle"))).hasSize(5);
        assertThat(browser.findAll(By.cssSelector("#chart-throughput svg rect")))
                .hasSize(5);
        assertThat(browser.findAll(By.cssSelector("#measure-table tbody tr"))).hasSize(15);
        assertThat(browser.text("#measure-table")).contains("Shared memory", "Unix socket", "TCP loopback", "1 MiB");
        assertThat(browser.text("#measure-headline")).contains("64 B there and back:");
        assertThat(lab.send("GET", "/measure.csv").body().lines()).hasSize(16);
    }

    @Test
    @Order(3)
    void cancelsAMeasurement() {
        browser.click("#measure-start");
        await(() ->
                assertThat(browser.find(By.id("measure-cancel")).isEnabled()).isTrue());
        browser.click("#measure-cancel");
        await(() -> assertThat(browser.text("#measure-words")).startsWith("Cancelled."));
        await(() -> assertThat(browser.find(By.id("measure-start")).isEnabled()).isTrue());
    }

    @Test
    @Order(4)
    void measuresByKeyboardAlone() {
        browser.script("document.activeElement.blur(); scrollTo(0, 0)");
        tabTo("measure-start");
        browser.focused().sendKeys(Keys.ENTER);
        await(() -> assertThat(browser.text("#measure-words")).startsWith("Measuring:"));
        await(() -> assertThat(browser.text("#measure-words")).isEqualTo("Done."));
    }

    @Test
    @Order(5)
    void killsTheServerAndShowsItsReturn() {
        String before = browser.text("#server-pid");

        breakAndAwait("kill-server");

        assertThat(browser.text("#kill-server .verdict")).contains("No call hung", "answered again");
        assertThat(browser.text("#kill-server .facts"))
                .containsPattern("Without a server\\s+\\d+ ms")
                .containsPattern("Longest call\\s+\\d+ ms");
        await(() ->
                assertThat(browser.text("#server-pid")).startsWith("process ").isNotEqualTo(before));
        await(() -> assertThat(browser.text("#chip-health")).isEqualTo("Health UP"));
    }

    @Test
    @Order(6)
    void restartsTheServerHotWithoutALostCall() {
        breakAndAwait("hot-restart");
        assertThat(browser.text("#hot-restart .facts")).containsPattern("Lost calls\\s+0\\b");
        assertThat(browser.text("#hot-restart .verdict")).contains("took over and none of");
    }

    @Test
    @Order(7)
    void looksRightInLightAndDarkAndOnAPhone() throws Exception {
        // Two threads with 20 ms between their calls, and nothing of what was done before.
        await(() -> assertThat(number("#tile-calls")).isBetween(20.0, 100.0));
        pictures("live", "measure");
        String light = background();
        browser.setColours("dark");
        assertThat(background()).isNotEqualTo(light);

        browser.click("#theme");
        assertThat(background()).isEqualTo(light);
        browser.click("#theme");

        browser.setSize(WIDTH_OF_A_PHONE, HEIGHT_OF_A_PHONE, true);
        await(() -> assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing lies beyond the right edge")
                .isEqualTo(true));
        browser.screenshot("main", PICTURES.resolve("phone.webp"));
        browser.setSize(WIDTH, HEIGHT, false);
        browser.script("localStorage.removeItem('theme'); delete document.documentElement.dataset.theme");
        browser.setColours("light");
    }

    @Test
    @Order(8)
    void exhaustsTheMemoryAndShowsTheBreaker() throws Exception {
        press("exhaust-memory");
        await(() -> assertThat(browser.text("#chip-breaker")).isEqualTo("Breaker open"));
        browser.screenshot("#live", PICTURES.resolve("exhausted.webp"));
        awaitDone("exhaust-memory");
        await(() -> assertThat(browser.text("#chip-breaker")).isEqualTo("Breaker closed"));
        assertThat(number("#tile-fallback")).isPositive();
    }

    @Test
    @Order(9)
    void callsASlowHandlerByKeyboardAlone() throws Exception {
        await(() -> assertThat(
                        browser.find(By.cssSelector("#slow-handler button")).isEnabled())
                .isTrue());
        // From the last link before the buttons, as a Tab of a reader would.
        browser.script("document.getElementById('measure-json').focus()");
        WebElement button = browser.find(By.cssSelector("#slow-handler button"));
        tabUntil(button::equals);
        browser.focused().sendKeys(Keys.ENTER);
        awaitDone("slow-handler");
        assertThat(browser.text("#slow-handler .facts")).contains("8 of 8");
        await(() -> assertThat(button.isEnabled()).isTrue());
        pictures("break");
    }

    /** Saves pictures of whole sections, light and dark. */
    private static void pictures(String... sections) throws IOException {
        for (String colours : List.of("dark", "light")) {
            browser.setColours(colours);
            for (String section : sections) {
                browser.screenshot("#" + section, PICTURES.resolve(section + "-" + colours + ".webp"));
            }
        }
    }

    private static void tabTo(String id) {
        tabUntil(focused -> id.equals(focused.getAttribute("id")));
    }

    private static void tabUntil(Predicate<WebElement> isReached) {
        for (int tabs = 0; tabs < MAX_TABS && !isReached.test(browser.focused()); tabs++) {
            browser.focused().sendKeys(Keys.TAB);
        }
        assertThat(isReached.test(browser.focused())).isTrue();
    }

    private static String background() {
        return browser.find(By.tagName("body")).getCssValue("background-color");
    }

    private static void breakAndAwait(String name) {
        press(name);
        awaitDone(name);
    }

    private static void press(String name) {
        await(() -> assertThat(
                        browser.find(By.cssSelector("#" + name + " button")).isEnabled())
                .isTrue());
        browser.click("#" + name + " button");
    }

    private static void awaitDone(String name) {
        await(() -> assertThat(browser.text("#" + name + " .state")).startsWith("done in"));
    }

    private static double number(String selector) {
        return Double.parseDouble(browser.text(selector).replace(",", ""));
    }

    private static void await(ThrowingRunnable assertion) {
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(assertion);
    }
}
