package fault_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"example.org/conform/harness/fault"
)

func TestNthComesEveryNthTime(t *testing.T) {
	t.Parallel()
	nth := fault.Nth(3)
	var got []bool
	for range 7 {
		got = append(got, nth())
	}
	if want := []bool{false, false, true, false, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A variant and a fault may meet at one seam, and both must have their say, the later one last.
func TestOverridesOfOneSeamAddUp(t *testing.T) {
	t.Parallel()
	var config settings
	for _, name := range []string{"first", "second"} {
		seams.Edit(func(_ *call, answer *string) { *answer += name + " " })(&config)
		seams.Wrap(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Add("Through", name)
				next.ServeHTTP(w, r)
			})
		})(&config)
	}
	var answer string
	config.Edit(&call{}, &answer)
	if answer != "first second " {
		t.Errorf("got %q", answer)
	}
	w := httptest.NewRecorder()
	config.Wrap(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if got, want := w.Header()["Through"], []string{"second", "first"}; !slices.Equal(got, want) {
		t.Errorf("the request went through %v, want %v", got, want)
	}
}
