package io.shmipc;

import static io.shmipc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShmipcConfigTests {

    private interface DurationSetter extends BiFunction<ShmipcConfig.Builder, Duration, ShmipcConfig.Builder> {}

    static Stream<Arguments> durations() {
        return Stream.of(
                durationNamed("connectionWriteTimeout", ShmipcConfig.Builder::connectionWriteTimeout),
                durationNamed("initializeTimeout", ShmipcConfig.Builder::initializeTimeout),
                durationNamed("monitorInterval", ShmipcConfig.Builder::monitorInterval),
                durationNamed("circuitBreakerInterval", ShmipcConfig.Builder::circuitBreakerInterval),
                durationNamed("backPressureTimeout", ShmipcConfig.Builder::backPressureTimeout));
    }

    private static Arguments durationNamed(String property, DurationSetter setter) {
        return Arguments.of(property, setter);
    }

    @Test
    void theDefaultsAreThoseThatPeersUse() {
        ShmipcConfig config = ShmipcConfig.defaults();
        assertThat(config.connectionWriteTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.initializeTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.queueCapacity()).isEqualTo(8192);
        assertThat(config.regionBytes()).isEqualTo(32 << 20);
        assertThat(config.sliceSizes())
                .containsExactly(new SliceSize(8172, 50), new SliceSize(32748, 30), new SliceSize(131_052, 20));
        assertThat(config.sliceSizes().get(1).bytes()).isEqualTo(32748);
        assertThat(config.sliceSizes().get(1).percent()).isEqualTo(30);
        assertThat(config.memoryType()).isEqualTo(MemoryType.MEMFD);
        assertThat(config.waitStrategy()).isSameAs(WaitStrategies.ADAPTIVE);
        assertThat(config.backPressure()).isEqualTo(BackPressure.TIMEOUT);
        assertThat(config.backPressureTimeout()).isEqualTo(Duration.ofMillis(100));
        assertThat(config.monitor()).isNull();
        assertThat(config.callbackExecutor()).isNull();
        assertThat(config.queuePath()).isNull();
    }

    @ParameterizedTest
    @MethodSource("durations")
    void aDurationMustBeLongerThanZero(String property, DurationSetter setter) {
        assertRefused(
                () -> setter.apply(ShmipcConfig.builder(), Duration.ZERO).build(),
                property,
                "PT0S",
                "longer than zero");
        assertRefused(
                () -> setter.apply(ShmipcConfig.builder(), Duration.ofMillis(-1))
                        .build(),
                property,
                "PT-0.001S",
                "longer than zero");
        assertThatCode(() -> setter.apply(ShmipcConfig.builder(), Duration.ofNanos(1))
                        .build())
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("durations")
    void aDurationCanBeCountedInNanoseconds(String property, DurationSetter setter) {
        Duration longest = ShmipcConfig.MAX_DURATION;
        assertThatCode(() -> setter.apply(ShmipcConfig.builder(), longest).build())
                .doesNotThrowAnyException();
        Duration longer = longest.plusNanos(1);
        assertRefused(
                () -> setter.apply(ShmipcConfig.builder(), longer).build(), property, longer.toString(), "PT876000H");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -8, 4, 12, 8191, (1 << 24) + 8, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aQueueCapacityIsAMultipleOf8WithinBounds(int capacity) {
        assertRefused(
                () -> ShmipcConfig.builder().queueCapacity(capacity).build(),
                "queueCapacity",
                Integer.toString(capacity),
                "multiple of 8 from 8 to 16777216");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, (1 << 20) - 1, 1L << 31, Long.MAX_VALUE, Long.MIN_VALUE})
    void aRegionIsFrom1MiBTo2GiB(long bytes) {
        assertRefused(
                () -> ShmipcConfig.builder().regionBytes(bytes).build(),
                "regionBytes",
                Long.toString(bytes),
                "from 1048576 (1 MiB) to 2147483647 (2 GiB - 1)");
    }

    @Test
    void aRegionHasABoundedNumberOfSlices() {
        assertRefused(
                () -> withSizes(new SliceSize(4, 100)).regionBytes(64 << 20).build(),
                "regionBytes",
                Integer.toString(64 << 20),
                "at most 2097152 slices");
    }

    @Test
    void theLargestAndTheSmallestRegionAreAccepted() {
        assertThatCode(() ->
                        ShmipcConfig.builder().regionBytes(Integer.MAX_VALUE).build())
                .doesNotThrowAnyException();
        assertThatCode(() -> withSizes(new SliceSize(4, 100))
                        .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                        .build())
                .doesNotThrowAnyException();
    }

    @Test
    void aRegionHoldsASliceOfEachSize() {
        int usable = (1 << 20) - 8 - 36;
        assertThatCode(withSizes(new SliceSize(usable - 20, 100)).regionBytes(1 << 20)::build)
                .doesNotThrowAnyException();
        assertRefused(
                withSizes(new SliceSize(usable - 16, 100)).regionBytes(1 << 20)::build,
                "regionBytes",
                "1048576",
                "at least one slice of each size");
    }

    @Test
    void sliceSizesAreMultiplesOf4() {
        for (int bytes : new int[] {0, -4, 3, 1001, Integer.MIN_VALUE}) {
            assertRefused(
                    withSizes(new SliceSize(bytes, 100))::build,
                    "sliceSizes",
                    bytes + " bytes",
                    "positive multiple of 4");
        }
    }

    @Test
    void everySliceSizeHasAShareAndTheSharesAddUp() {
        assertRefused(withSizes(new SliceSize(64, 0))::build, "sliceSizes", "0 %", "from 1 to 100");
        assertRefused(withSizes(new SliceSize(64, -1))::build, "sliceSizes", "-1 %", "from 1 to 100");
        assertRefused(withSizes(new SliceSize(64, 99))::build, "sliceSizes", "99 % in sum", "add up to 100 %");
        assertRefused(
                withSizes(new SliceSize(64, 60), new SliceSize(128, 60))::build,
                "sliceSizes",
                "120 % in sum",
                "add up to 100 %");
    }

    @Test
    void percentsThatWrapToTheRightSumAreRefused() {
        int half = 1 << 30;
        assertRefused(
                withSizes(
                        new SliceSize(64, half),
                        new SliceSize(128, half),
                        new SliceSize(256, half),
                        new SliceSize(512, half),
                        new SliceSize(1024, 100))::build,
                "sliceSizes",
                half + " %",
                "from 1 to 100");
    }

    @Test
    void theLimitsOfWhatWaitsOutsideOfSharedMemoryArePositive() {
        for (long bytes : new long[] {0, -1, Long.MIN_VALUE}) {
            assertRefused(
                    ShmipcConfig.builder().writeBufferBytes(bytes)::build,
                    "writeBufferBytes",
                    Long.toString(bytes),
                    "above 0");
            assertRefused(
                    ShmipcConfig.builder().unreadFallbackBytes(bytes)::build,
                    "unreadFallbackBytes",
                    Long.toString(bytes),
                    "above 0");
        }
    }

    @Test
    void aWriteBufferEndsWhereMessagesDo() {
        assertRefused(
                ShmipcConfig.builder().writeBufferBytes(1L << 31)::build,
                "writeBufferBytes",
                "2147483648",
                "from 1 to 2147483647");
    }

    @Test
    void thereIsAtLeastOneSliceSizeAndNoneTwice() {
        assertRefused(withSizes()::build, "sliceSizes", "[]", "1 to 256 entries");
        assertRefused(
                ShmipcConfig.builder().sliceSizes(Collections.nCopies(257, new SliceSize(64, 1)))::build,
                "sliceSizes",
                Collections.nCopies(257, new SliceSize(64, 1)).toString(),
                "1 to 256 entries");
        assertRefused(
                withSizes(new SliceSize(64, 50), new SliceSize(64, 50))::build,
                "sliceSizes",
                "64 bytes twice",
                "one entry per size");
    }

    @Test
    void sliceSizesAreSortedAndTheirListIsAnUnchangeableCopy() {
        List<SliceSize> sizes = new ArrayList<>(List.of(new SliceSize(128, 40), new SliceSize(64, 60)));
        ShmipcConfig.Builder builder = ShmipcConfig.builder().sliceSizes(sizes);
        sizes.clear();
        List<SliceSize> kept = builder.build().sliceSizes();
        assertThat(kept).containsExactly(new SliceSize(64, 60), new SliceSize(128, 40));
        assertThatThrownBy(kept::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aFileModeIsPermissionsThatLetTheOwnerIn() {
        assertRefused(ShmipcConfig.builder().fileMode(01660)::build, "fileMode", "1660", "up to 777");
        assertRefused(ShmipcConfig.builder().fileMode(0060)::build, "fileMode", "60", "owner read and write");
    }

    @Test
    void aPathPrefixIsThereAndAbsoluteForFiles() {
        assertRefused(ShmipcConfig.builder().pathPrefix("")::build, "pathPrefix", "''", "absolute path");
        assertRefused(
                ShmipcConfig.builder().pathPrefix("tmp/x").memoryType(MemoryType.FILE)::build,
                "pathPrefix",
                "'tmp/x'",
                "absolute path");
        assertThatCode(ShmipcConfig.builder().pathPrefix("tmp/x").memoryType(MemoryType.MEMFD)::build)
                .doesNotThrowAnyException();
    }

    @Test
    void aPathPrefixLeavesRoomForItsSuffix() {
        String longest = "/" + "ü".repeat(79);
        assertThatCode(ShmipcConfig.builder().pathPrefix(longest)::build).doesNotThrowAnyException();
        assertThatThrownBy(ShmipcConfig.builder().pathPrefix(longest + "x")::build)
                .isInstanceOfSatisfying(
                        SharedMemoryException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FILE_NAME_TOO_LONG))
                .hasMessageContaining("pathPrefix is '" + longest + "x'")
                .hasMessageContaining("within 255 bytes")
                .hasMessageContaining("Shorten it to 159 bytes");
    }

    @Test
    void toBuilderKeepsEverything() throws ReflectiveOperationException {
        ShmipcConfig config = withSizes(new SliceSize(64, 25), new SliceSize(128, 75))
                .connectionWriteTimeout(Duration.ofSeconds(3))
                .initializeTimeout(Duration.ofSeconds(4))
                .monitorInterval(Duration.ofSeconds(5))
                .circuitBreakerInterval(Duration.ofSeconds(6))
                .queueCapacity(16)
                .regionBytes(2 << 20)
                .memoryType(MemoryType.FILE)
                .pathPrefix("/dev/shm/other")
                .fileMode(0660)
                .queuePath("/dev/shm/other_queue")
                .monitor(new NoMonitor())
                .callbackExecutor(Runnable::run)
                .waitStrategy(WaitStrategies.PARK)
                .backPressure(BackPressure.BLOCK)
                .backPressureTimeout(Duration.ofMillis(7))
                .writeBufferBytes(1000)
                .unreadFallbackBytes(2000)
                .build();
        ShmipcConfig copy = config.toBuilder().build();
        ShmipcConfig defaults = ShmipcConfig.defaults();
        for (Method getter : getters()) {
            assertThat(getter.invoke(copy)).as(getter.getName()).isEqualTo(getter.invoke(config));
            assertThat(getter.invoke(config))
                    .as("%s is tested with a value of its own", getter.getName())
                    .isNotEqualTo(getter.invoke(defaults));
        }
    }

    private static List<Method> getters() {
        return Arrays.stream(ShmipcConfig.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers())
                        && !Modifier.isStatic(method.getModifiers())
                        && !method.getName().equals("toBuilder"))
                .toList();
    }

    private static ShmipcConfig.Builder withSizes(SliceSize... sizes) {
        return ShmipcConfig.builder().sliceSizes(List.of(sizes));
    }

    private static final class NoMonitor implements Monitor {
        @Override
        public void onEmitSessionMetrics(
                PerformanceMetrics performance,
                StabilityMetrics stability,
                ShareMemoryMetrics shareMemory,
                Session session) {}

        @Override
        public void flush() {}
    }
}
