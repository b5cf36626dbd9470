package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// turnsAway are the manners in which a server refuses everything, or everybody who logs in, from some moment on.
var turnsAway = map[string]func(w http.ResponseWriter, r *http.Request){
	"401": func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusUnauthorized, "application/json", `{"message":"no","httpStatusCode":401}`)
	},
	"403": func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusForbidden, "application/json", `{"message":"locked","innerError":{"code":"accountLockedOut"}}`)
	},
	"429": func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusTooManyRequests, "application/json", `{}`)
	},
	"reset":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	"silence": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
}

// mostAfter is how many logins meet a door that has shut: one that had to fail and does, or one that was
// under way beside, one that should not, and one that makes sure of it.
const mostAfter = 3

// A door that shuts during a run makes it incomplete, whatever shut it and however it says so. Nothing is held against the server, and hardly
// anybody tries the door again.
func TestDoorShutsForGood(t *testing.T) {
	t.Parallel()
	type when struct {
		words    string
		requests int  // before it shuts, 0 for none
		wrong    bool // the first wrong password or unknown name shuts it
	}
	for manner, turn := range turnsAway {
		for _, w := range []when{{"1 request", 1, false}, {"3 requests", 3, false}, {"100 requests", 100, false}, {"a wrong login", 0, true}} {
			for _, loginsAlone := range []bool{true, false} {
				if waits := manner == "429" || manner == "silence"; waits && !loginsAlone && w.requests != 100 {
					continue
				}
				t.Run(fmt.Sprintf("%s after %s, logins alone %t", manner, w.words, loginsAlone), func(t *testing.T) {
					t.Parallel()
					server := serve(t, reference.Options{Profile: "aria-operations-8"})
					server.Target().Limits.Timeout = 2 * time.Second
					password := server.Target().Account.Password.Reveal()
					var mu sync.Mutex
					asked, after, shut := 0, 0, false
					o := conform(t, nil, "run", "--procs", "2", "--label-filter", "MUST && !sweep", "--target-file", reachedThrough(t, server, func(rw http.ResponseWriter, r *http.Request, pass http.Handler) {
						login := strings.HasSuffix(r.URL.Path, "/acquire")
						body, _ := io.ReadAll(r.Body)
						r.Body = io.NopCloser(bytes.NewReader(body))
						mu.Lock()
						asked++
						closed := shut && (login || !loginsAlone)
						if closed && login {
							after++
						}
						shut = shut || asked == w.requests || w.wrong && login && !bytes.Contains(body, []byte(password))
						mu.Unlock()
						if closed {
							turn(rw, r)
							return
						}
						pass.ServeHTTP(rw, r)
					}))
					mu.Lock()
					defer mu.Unlock()
					run := o.report.Runs[0]
					if o.code != verdict.ExitIncomplete || !strings.Contains(run.Reason, "the server refused what it had granted before") {
						t.Errorf("exit code %d: %s, %+v\n%s", o.code, run.Reason, run.Totals, o.stdout)
					}
					if !shut || after > mostAfter {
						t.Errorf("%d logins after the door shut: %s", after, run.Reason)
					}
				})
			}
		}
	}
}
