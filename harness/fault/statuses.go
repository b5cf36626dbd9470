package fault

import (
	"net/http"

	"example.org/conform/harness/reference/kernel"
)

// Statuses are the ways to grant an operation with another status than the document's, always or every nth time.
func (s Seams[C, K, A, R]) Statuses(word string, operation kernel.Operation, n int64) Kind[C] {
	granted := func(change func(*A)) func(*C) { return s.Granted(operation, change) }
	every := func(change func(*A)) func(*C) { return s.EveryGranted(n, operation, change) }
	failed := func(status int) func(*A) { return func(a *A) { s.Fail(a, status) } }
	empty := s.change(func(p Parts) { *p.Status, *p.Body = http.StatusNoContent, []byte{} })
	return bind("statuses", word, map[string]func(*C){
		"*-created-201":               granted(s.Status(http.StatusCreated)),
		"*-answered-200":              granted(s.Status(http.StatusOK)),
		"*-answered-202":              granted(s.Status(http.StatusAccepted)),
		"*-answered-204":              granted(empty),
		"*-answered-200-now-and-then": every(s.Status(http.StatusOK)),
		"*-fails-now-and-then":        every(failed(http.StatusInternalServerError)),
		"*-refused-now-and-then":      every(failed(http.StatusUnauthorized)),
	}, as)
}

// refusals are the ways to refuse with another status than the document's, of every kind of refusal that the vendor has.
func (s Seams[C, K, A, R]) refusals() []Kind[C] {
	var all []Kind[C]
	for word, match := range s.Refusals {
		all = append(all, s.refusalsOf(word, match))
	}
	return all
}

func (s Seams[C, K, A, R]) refusalsOf(word string, match func(*K, *R) bool) Kind[C] {
	return bind("refusals", word, map[string]int{
		"*-answered-200": http.StatusOK,
		"*-400":          http.StatusBadRequest,
		"*-401":          http.StatusUnauthorized,
		"*-403":          http.StatusForbidden,
		"*-404":          http.StatusNotFound,
		"*-422":          http.StatusUnprocessableEntity,
		"*-crashes":      http.StatusInternalServerError,
	}, func(status int) func(*C) {
		return s.RefuseWhere(match, func(r *R) { s.Restate(r, status) })
	})
}
