package io.shmipc.sample.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Rectangle;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The system's Chromium without a window, on a profile of its own. */
final class Browser implements AutoCloseable {

    private static final int MARGIN = 24;
    private static final int QUALITY = 85;

    private final ChromeDriver driver;
    private int width;

    Browser(Path profile) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(
                find("chromium").orElseThrow(() -> missing("chromium")).toString());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                // It is to talk to the sample alone.
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(find("chromedriver")
                        .orElseThrow(() -> missing("chromedriver"))
                        .toFile())
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options);
    }

    private static AssertionError missing(String program) {
        return new AssertionError(program + " is not on the PATH: install Debian's chromium and chromium-driver.");
    }

    static boolean isThere() {
        return find("chromium").isPresent() && find("chromedriver").isPresent();
    }

    private static Optional<Path> find(String program) {
        return Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void open(String address) {
        driver.get(address);
    }

    /** Makes the page see a system of light or dark colours, and without motion, which would move what is clicked. */
    void setColours(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    void setSize(int width, int height, boolean phone) {
        this.width = width;
        driver.manage().window().setSize(new Dimension(width, height));
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
    }

    WebElement find(By by) {
        return driver.findElement(by);
    }

    List<WebElement> findAll(By by) {
        return driver.findElements(by);
    }

    String text(String selector) {
        return find(By.cssSelector(selector)).getText();
    }

    void click(String selector) {
        find(By.cssSelector(selector)).click();
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    Object script(String script) {
        return driver.executeScript(script);
    }

    /** Saves a picture of an element, all of it, however tall. */
    void screenshot(String selector, Path file) throws IOException {
        // The header stays at the top of the window, wherever that is.
        script("scrollTo(0, 0)");
        Rectangle place = find(By.cssSelector(selector)).getRect();
        Map<String, Object> clip = Map.of(
                "x",
                Math.max(0, place.x - MARGIN),
                "y",
                place.y,
                "width",
                Math.min(width, place.width + 2 * MARGIN),
                "height",
                place.height + MARGIN,
                "scale",
                1);
        Map<String, Object> picture = driver.executeCdpCommand(
                "Page.captureScreenshot",
                Map.of("format", "webp", "quality", QUALITY, "captureBeyondViewport", true, "clip", clip));
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
