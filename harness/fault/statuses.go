package fault

import (
	"net/http"

	"example.org/conform/harness/reference/kernel"
)

// Statuses are the ways to grant an operation with another status than the document's, always or every nth time.
func (s Seams[C, K, A, R]) Statuses(word string, operation kernel.Operation, n int64) Kind[C] {
	nothing := ""
	return bind("statuses", word, map[string]effect{
		"*-created-201":               {Status: http.StatusCreated},
		"*-answered-200":              {Status: http.StatusOK},
		"*-answered-202":              {Status: http.StatusAccepted},
		"*-answered-204":              {Status: http.StatusNoContent, Body: &nothing},
		"*-answered-200-now-and-then": {Status: http.StatusOK, Every: n},
		"*-fails-now-and-then":        {Fail: http.StatusInternalServerError, Every: n},
		"*-refused-now-and-then":      {Fail: http.StatusUnauthorized, Every: n},
	}, func(e effect) func(*C) { return s.changing(&e, s.granting(operation)) })
}

// refusals are the ways to refuse with another status than the document's, of every kind of refusal that the vendor has.
func (s Seams[C, K, A, R]) refusals() (all []Kind[C]) {
	for word, match := range s.Refusals {
		all = append(all, bind("refusals", word, map[string]int{
			"*-answered-200": http.StatusOK,
			"*-400":          http.StatusBadRequest,
			"*-401":          http.StatusUnauthorized,
			"*-403":          http.StatusForbidden,
			"*-404":          http.StatusNotFound,
			"*-422":          http.StatusUnprocessableEntity,
			"*-crashes":      http.StatusInternalServerError,
		}, func(status int) func(*C) {
			return s.RefuseWhere(match, func(r *R) { s.Restate(r, status) })
		}))
	}
	return all
}
