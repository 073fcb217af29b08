package io.shmipc.spring.boot.autoconfigure;

import io.shmipc.BackPressure;
import io.shmipc.Monitor;
import io.shmipc.ShmipcConfig;
import io.shmipc.WaitStrategies;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** What the sessions of a client and those of a server have in common. */
public abstract class SessionProperties {

    SessionProperties() {}

    /** How long a write to the connection may take before the session is given up. */
    private Duration connectionWriteTimeout = Duration.ofSeconds(10);

    /** How long a handshake may take. */
    private Duration initializeTimeout = Duration.ofSeconds(1);

    /** How long a session that ran out of shared memory opens no streams and counts as unhealthy. */
    private Duration circuitBreakerInterval = Duration.ofSeconds(30);

    /** How often a bean of type io.shmipc.Monitor receives the metrics of each session. */
    private Duration monitorInterval = Duration.ofSeconds(30);

    /** How waiting threads look at the queue before they sleep. */
    private WaitStrategies waitStrategy = WaitStrategies.ADAPTIVE;

    /** Where stream callbacks run. */
    private CallbackExecution callbackExecution = CallbackExecution.EXECUTOR;

    /** What a flush does when the peer has not drained its queue and the queue is full. */
    private BackPressure backPressure = BackPressure.TIMEOUT;

    /** How long a flush without write deadline waits for a full queue if back-pressure is timeout. */
    private Duration backPressureTimeout = Duration.ofMillis(100);

    /** Most that a stream holds that was written and not flushed. A write beyond it is refused. */
    private DataSize writeBuffer = DataSize.ofMegabytes(256);

    /**
     * Most that a session holds outside of shared memory because it was not read. The stream with the most is closed.
     */
    private DataSize unreadFallback = DataSize.ofMegabytes(256);

    public Duration getConnectionWriteTimeout() {
        return connectionWriteTimeout;
    }

    public void setConnectionWriteTimeout(Duration connectionWriteTimeout) {
        this.connectionWriteTimeout = connectionWriteTimeout;
    }

    public Duration getInitializeTimeout() {
        return initializeTimeout;
    }

    public void setInitializeTimeout(Duration initializeTimeout) {
        this.initializeTimeout = initializeTimeout;
    }

    public Duration getCircuitBreakerInterval() {
        return circuitBreakerInterval;
    }

    public void setCircuitBreakerInterval(Duration circuitBreakerInterval) {
        this.circuitBreakerInterval = circuitBreakerInterval;
    }

    public Duration getMonitorInterval() {
        return monitorInterval;
    }

    public void setMonitorInterval(Duration monitorInterval) {
        this.monitorInterval = monitorInterval;
    }

    public WaitStrategies getWaitStrategy() {
        return waitStrategy;
    }

    public void setWaitStrategy(WaitStrategies waitStrategy) {
        this.waitStrategy = waitStrategy;
    }

    public CallbackExecution getCallbackExecution() {
        return callbackExecution;
    }

    public void setCallbackExecution(CallbackExecution callbackExecution) {
        this.callbackExecution = callbackExecution;
    }

    public BackPressure getBackPressure() {
        return backPressure;
    }

    public void setBackPressure(BackPressure backPressure) {
        this.backPressure = backPressure;
    }

    public Duration getBackPressureTimeout() {
        return backPressureTimeout;
    }

    public void setBackPressureTimeout(Duration backPressureTimeout) {
        this.backPressureTimeout = backPressureTimeout;
    }

    public DataSize getWriteBuffer() {
        return writeBuffer;
    }

    public void setWriteBuffer(DataSize writeBuffer) {
        this.writeBuffer = writeBuffer;
    }

    public DataSize getUnreadFallback() {
        return unreadFallback;
    }

    public void setUnreadFallback(DataSize unreadFallback) {
        this.unreadFallback = unreadFallback;
    }

    /** Returns a builder of the engine's configuration that holds these properties. */
    public ShmipcConfig.Builder toConfig(CallbackExecutors executors, @Nullable Monitor monitor) {
        return ShmipcConfig.builder()
                .connectionWriteTimeout(connectionWriteTimeout)
                .initializeTimeout(initializeTimeout)
                .circuitBreakerInterval(circuitBreakerInterval)
                .monitorInterval(monitorInterval)
                .monitor(monitor)
                .waitStrategy(waitStrategy)
                .backPressure(backPressure)
                .backPressureTimeout(backPressureTimeout)
                .writeBufferBytes(writeBuffer.toBytes())
                .unreadFallbackBytes(unreadFallback.toBytes())
                .callbackExecutor(executors.forExecution(callbackExecution));
    }
}
