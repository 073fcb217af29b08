package io.shmipc.sample.lab.measure;

import java.util.List;
import java.util.Locale;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /measure}: begin, look, cancel; {@code /measure.csv}: the results for a spreadsheet. */
@RestController
@Profile("lab")
class MeasureController {

    private final Measure measure;

    MeasureController(Measure measure) {
        this.measure = measure;
    }

    @PostMapping("/measure")
    @ResponseStatus(HttpStatus.ACCEPTED)
    MeasureStatus start(
            @RequestParam(defaultValue = "64,1024,16384,131072,1048576") List<Integer> sizes,
            @RequestParam(defaultValue = "1") int streams,
            @RequestParam(defaultValue = "5") int rounds,
            @RequestParam(defaultValue = "60") int roundMillis) {
        return measure.start(new Plan(sizes, streams, rounds, roundMillis));
    }

    @GetMapping("/measure")
    MeasureStatus status() {
        return measure.status();
    }

    @DeleteMapping("/measure")
    MeasureStatus cancel() {
        return measure.cancel();
    }

    @GetMapping(path = "/measure.csv", produces = "text/csv;charset=UTF-8")
    ResponseEntity<String> csv() {
        StringBuilder csv = new StringBuilder("transport,bytes,streams,roundTrips,p50Micros,p90Micros,p99Micros,"
                + "roundTripsPerSecond,megabytesPerSecond\n");
        for (Result result : measure.status().results()) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%d,%.2f,%.2f,%.2f,%.1f,%.1f%n",
                    result.transport().id(),
                    result.bytes(),
                    result.streams(),
                    result.roundTrips(),
                    result.p50Micros(),
                    result.p90Micros(),
                    result.p99Micros(),
                    result.roundTripsPerSecond(),
                    result.megabytesPerSecond()));
        }
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"shmipc-measure.csv\"")
                .body(csv.toString());
    }

    @ExceptionHandler
    ProblemDetail refuse(IllegalArgumentException refusal) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(refusal.getMessage()));
    }
}
