package io.shmipc.benchmarks.report;

import java.util.Locale;

/** How figures are written. */
final class Format {

    static final String NOTHING = "–";

    private static final double NANOS_PER_MICRO = 1e3;

    private Format() {}

    /** Three digits that count: 0.314, 3.14, 31.4, 314. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return NOTHING;
        }
        double size = Math.abs(value);
        if (size == 0) {
            return "0";
        }
        int decimals = size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    static String micros(double nanos) {
        return number(nanos / NANOS_PER_MICRO);
    }

    /** Writes 12 345 678 as 12.3 M. */
    static String large(double value) {
        if (Double.isNaN(value)) {
            return NOTHING;
        } else if (value >= 1e9) {
            return number(value / 1e9) + " G";
        } else if (value >= 1e6) {
            return number(value / 1e6) + " M";
        } else if (value >= 1e3) {
            return number(value / 1e3) + " k";
        }
        return number(value);
    }

    /** Writes 4096 as 4 KiB. */
    static String size(int bytes) {
        if (bytes >= 1 << 20) {
            return (bytes >> 20) + " MiB";
        } else if (bytes >= 1 << 10) {
            return (bytes >> 10) + " KiB";
        }
        return bytes + " B";
    }
}
