package fault

import (
	"net/http"

	"example.org/conform/harness/reference/kernel"
)

// Statuses are the ways to grant an operation with another status than the document's, always or every nth time.
func (s Seams[C, K, A, R]) Statuses(word string, operation kernel.Operation, n int64) Choice[C] {
	granted := func(change func(*A)) func(*C) { return s.Granted(operation, change) }
	every := func(change func(*A)) func(*C) { return s.EveryGranted(n, operation, change) }
	failed := func(status int) func(*A) { return func(a *A) { s.Fail(a, status) } }
	empty := s.change(func(p Parts) { *p.Status, *p.Body = http.StatusNoContent, []byte{} })
	const older = "one of several nodes runs an older release"
	return choice(word, func() []way[func(*C)] {
		return []way[func(*C)]{
			{"*-created-201", "201 Created", "the framework answers a creation by POST with 201", granted(s.Status(http.StatusCreated))},
			{"*-answered-200", "200 OK", "the handler leaves the status to the framework", granted(s.Status(http.StatusOK))},
			{"*-answered-202", "202 Accepted",
				"what is asked for is done by a queue, which answers first", granted(s.Status(http.StatusAccepted))},
			{"*-answered-204", "204 No Content", "the handler returns nothing", granted(empty)},
			{"*-answered-200-now-and-then", "200 OK", older, every(s.Status(http.StatusOK))},
			{"*-fails-now-and-then", "500 Internal Server Error",
				"one of several nodes has lost its database", every(failed(http.StatusInternalServerError))},
			{"*-refused-now-and-then", "401 Unauthorized",
				"one of several nodes has not caught up with the others", every(failed(http.StatusUnauthorized))},
		}
	}, func(override func(*C)) func(*C) { return override })
}

// Refusals are the ways to refuse with another status than the document's. The seam changes refusals of a kind.
func (s Seams[C, K, A, R]) Refusals(word string, seam func(change func(*R)) func(*C)) Choice[C] {
	return choice(word, func() []way[int] {
		return []way[int]{
			{"*-answered-200", "200 OK", "errors are sent in a body with status 200", http.StatusOK},
			{"*-400", "400 Bad Request", "what is wrong with a request makes it a malformed one", http.StatusBadRequest},
			{"*-401", "401 Unauthorized", "the framework's own authentication answers", http.StatusUnauthorized},
			{"*-403", "403 Forbidden", "whoever does not get what was asked for is forbidden it", http.StatusForbidden},
			{"*-404", "404 Not Found", "what is not there, or not any more, is a resource that is not found", http.StatusNotFound},
			{"*-422", "422 Unprocessable Entity", "the framework answers a failed validation with 422", http.StatusUnprocessableEntity},
			{"*-crashes", "500 Internal Server Error", "the exception is caught by nobody", http.StatusInternalServerError},
		}
	}, func(status int) func(*C) {
		return seam(func(r *R) { s.Restate(r, status) })
	})
}
