package io.shmipc;

/**
 * How a thread that waits for the peer looks at the queue before it sleeps.
 *
 * <p>Looking costs processor time and saves the peer a system call and this side a wake-up, which together cost
 * hundreds of times more than the message. {@code io.shmipc.WaitStrategies} has the choices.
 */
public interface WaitStrategy {

    /** Makes the state that one session keeps; called once per session. */
    Waiting newWaiting();

    /**
     * One session's waiting.
     *
     * <p><b>Threads:</b> the holder of the session's consumer role, one at a time, with happens-before between them.
     */
    interface Waiting {

        /**
         * A wait begins.
         *
         * @param wokePeer whether the last flush of this session had to wake its peer, which then needs a core
         */
        void begin(boolean wokePeer);

        /** Called after a look that found nothing; may spin or yield; returns false when it is time to sleep. */
        boolean keepLooking();

        /**
         * The wait ended with a message.
         *
         * @param slept whether the thread had to sleep for it
         */
        void found(boolean slept);
    }
}
