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

// A login that meets a shut door and had to fail is refused as any such, and tells nothing. Those that were under way beside the first to be
// turned away that should not have been were sent before anybody knew. After it one more is sent at most, which makes sure.
const mostAfter = 1

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
					asked, shut := 0, false
					var told bool    // somebody knows
					var met []string // logins that met the door before that, and after it
					after := 0
					o := conform(t, nil, "run", "--procs", "2", "--label-filter", "MUST && !sweep", "--target-file", reachedThrough(t, server, func(rw http.ResponseWriter, r *http.Request, pass http.Handler) {
						login := strings.HasSuffix(r.URL.Path, "/acquire")
						body, _ := io.ReadAll(r.Body)
						r.Body = io.NopCloser(bytes.NewReader(body))
						good := bytes.Contains(body, []byte(password)) && bytes.Contains(body, []byte(`"conform-service"`))
						mu.Lock()
						asked++
						closed := shut && (login || !loginsAlone)
						if closed && login {
							met = append(met, fmt.Sprintf("%s told %t %.150s", time.Now().Format("05.000"), told, body))
							if told {
								after++
							}
						}
						shut = shut || asked == w.requests || w.wrong && login && !bytes.Contains(body, []byte(password))
						mu.Unlock()
						if closed {
							defer func() { // before the client has the answer, or is left without one
								mu.Lock()
								defer mu.Unlock()
								told = told || login && good
							}()
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
						t.Errorf("%d logins after the door shut: %s\n%s", after, run.Reason, strings.Join(met, "\n"))
					}
				})
			}
		}
	}
}
