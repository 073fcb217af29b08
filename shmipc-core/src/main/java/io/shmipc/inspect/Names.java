package io.shmipc.inspect;

/** What the names of shared memory tell. */
final class Names {

    private static final String REGION_END = "_buffer";
    private static final String QUEUE_PART = "_queue_";

    private static final String MEMFD = "memfd:";

    private Names() {}

    /** Returns the label of a memfd. */
    static String memfd(String name) {
        return MEMFD + name;
    }

    /** Returns whether memory of this name may have been made by shmipc. */
    static boolean mayBeShmipc(String name) {
        return name.startsWith(MEMFD) || name.endsWith(REGION_END) || name.contains(QUEUE_PART);
    }

    /** Returns whether a region and queues were named alike by the client that made them. */
    static boolean belongTogether(String region, String queues) {
        int end = queues.lastIndexOf(QUEUE_PART);
        return end > 0 && region.equals(queues.substring(0, end) + REGION_END);
    }

    /** Returns a name without what could confuse a terminal. */
    static String printable(String name) {
        StringBuilder text = new StringBuilder(name.length());
        name.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }
}
