package io.shmipc.sample.lab.breaking;

import io.shmipc.sample.lab.breaking.Report.Status;
import java.util.Collection;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** {@code POST /break/NAME} breaks something, {@code GET /break} tells what came of it. */
@RestController
@Profile("lab")
class BreakController {

    private final Breakages breakages;

    BreakController(Breakages breakages) {
        this.breakages = breakages;
    }

    @GetMapping("/break")
    Collection<Status> reports() {
        return breakages.reports();
    }

    @PostMapping("/break/{name}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Status start(@PathVariable String name) {
        Status begun = breakages.start(name);
        if (begun == null) {
            throw new ResponseStatusException(
                    HttpStatus.NOT_FOUND, "Nothing is called " + name + ": there are " + breakages.names() + ".");
        }
        return begun;
    }
}
