package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"example.org/conform/harness/fault/hostile"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

var (
	hostileKinds    = flag.String("hostile", "", "kinds of TestHostileServers, separated by commas; all for all")
	hostileProfiles = flag.String("hostile-profiles", "all", "profiles of TestHostileServers, separated by commas")
	hostileLimit    = flag.Duration("hostile-limit", 5*time.Minute, "the longest that a run of TestHostileServers may take")
	hostileLabels   = flag.String("hostile-labels", "", "checks of TestHostileServers; empty for all")
	hostileJobs     = flag.Int("hostile-jobs", 2, "runs of TestHostileServers at a time")
	hostileKeep     = flag.String("hostile-keep", "", "a folder for what runs of TestHostileServers print and, where they are broken, for what they leave")
)

const (
	// mostMB is what a run may hold.
	mostMB = 200
	// ended is what has a program end that asks for much more than any needs (6 GB), so that the machine does not.
	bounded = `ulimit -v 6291456 && exec "$@"`
)

// endured is what a run against a hostile server came to.
type endured struct {
	kind, profile string
	cost
	secrets []string // where they stand
	broken  []string // what cannot be read, or says what it must not
	passed  int      // secrets that passed, the accounts' own among them
	limit   time.Duration
}

func (e endured) megabytes() int64 { return e.MaxKB >> 10 }
func (e endured) hung() bool       { return e.Code < 0 && e.Wall >= e.limit }
func (e endured) crashed() bool {
	return !e.hung() && !slices.Contains([]int{0, verdict.ExitNonconformant, verdict.ExitIncomplete}, e.Code) ||
		strings.Contains(e.Output, "\ngoroutine ") || strings.Contains(e.Output, "panic:")
}

// faults are what may not be, in words.
func (e endured) faults() (all []string) {
	if e.hung() {
		all = append(all, "hang")
	} else if e.crashed() {
		all = append(all, fmt.Sprintf("crash: exit code %d", e.Code))
	}
	if e.megabytes() > mostMB {
		all = append(all, fmt.Sprintf("%d MB", e.megabytes()))
	}
	for _, s := range e.secrets {
		all = append(all, "secret in "+s)
	}
	return append(all, e.broken...)
}

func (e endured) String() string {
	state := "ok"
	if faults := e.faults(); len(faults) > 0 {
		state = strings.ToUpper("broken: ") + faults[0]
	}
	return fmt.Sprintf("%-40s %-18s %4d %7.1f %6d %8d %6.0f  %.200s", e.kind, e.profile, e.Code, e.Wall.Seconds(), e.megabytes(), len(e.secrets), e.limit.Seconds(), state)
}

// endure has the built command judge a server of a kind, and looks at all that it leaves.
func endure(t *testing.T, kind, profile string, limit time.Duration, args ...string) endured {
	t.Helper()
	c := &canaries{}
	options := reference.Options{Profile: profile, Hostile: kind, Lifetimes: reference.ShortLifetimes(), Inside: c.watch}
	if k, err := hostile.Find(kind); err != nil {
		t.Fatal(err)
	} else if _, options.TLS = k.Secured(); options.TLS {
		options.CAFile = filepath.Join(t.TempDir(), "ca.pem")
	}
	server := serve(t, options)
	defer server.Close()
	server.Target().Limits.Timeout = 2 * time.Second
	for _, secret := range server.Target().Secrets() {
		c.note(secret.Value)
	}
	dir := t.TempDir()
	args = append([]string{"-c", bounded, "sh", conformBinary(t), "run", "--target-file", describe(t, server), "--annotations", "github"}, args...)
	e := endured{kind: kind, profile: profile, limit: limit, cost: measured(t, dir, limit, "sh", args...)}
	e.look(c, dir)
	if *hostileKeep != "" {
		if err := e.keep(filepath.Join(*hostileKeep, kind+"_"+profile), dir); err != nil {
			t.Log(err)
		}
	}
	return e
}

// keep leaves what a run has printed and, where something is broken, its reports too.
func (e endured) keep(at, dir string) error {
	faults := e.faults()
	said := strings.Join(append(faults, "", e.Output), "\n")
	err := errors.Join(os.MkdirAll(at, 0o755), os.WriteFile(filepath.Join(at, "output.txt"), []byte(said), 0o600))
	if len(faults) == 0 || err != nil {
		return err
	}
	return os.CopyFS(at, os.DirFS(dir))
}

// watch notes what the server hands out.
func (c *canaries) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorded := httptest.NewRecorder()
		next.ServeHTTP(recorded, r)
		if r.Method == http.MethodPost && recorded.Code < 300 {
			c.note(hostile.Handed(recorded.Body.Bytes())...)
		}
		for name, values := range recorded.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(recorded.Body.Bytes())
	})
}

// look reads what a run has printed and left.
func (e *endured) look(c *canaries, dir string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.passed = c.secrets
	read := func(name, text string) {
		for _, place := range c.find(text) {
			e.secrets = append(e.secrets, name+", "+place)
		}
		if fault := unreadable(name, text); fault != "" {
			e.broken = append(e.broken, name+": "+fault)
		}
	}
	read("output", e.Output)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		read(filepath.Base(path), string(data))
		return err
	})
	if err != nil {
		e.broken = append(e.broken, err.Error())
	}
	slices.Sort(e.secrets)
	slices.Sort(e.broken)
}

// turning are the characters that turn the text around them.
const turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

// unreadable says what keeps an artefact from being read, or has it do what a server said.
func unreadable(name, text string) string {
	switch filepath.Ext(name) {
	case ".json", ".har":
		if !json.Valid([]byte(text)) {
			return "is no JSON"
		}
	case ".xml":
		decoder := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return "is no XML: " + err.Error()
			}
		}
	case ".html":
		for _, markup := range []string{`<script>alert("` + hostile.Mark, "<img src=x", `href="javascript:`} {
			if strings.Contains(text, markup) {
				return "holds " + markup
			}
		}
	}
	if !utf8.ValidString(text) {
		return "is no UTF-8"
	}
	for line := range strings.Lines(text) {
		if name != "output" && name != "summary.md" {
			break // no log shows it
		}
		line = strings.TrimSpace(line)
		for _, order := range []string{"::error::" + hostile.Mark, "::set-output", "::add-mask", "##vso[", "##teamcity["} {
			if strings.HasPrefix(line, order) {
				return "gives an order: " + order
			}
		}
	}
	for _, r := range text {
		if unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) || strings.ContainsRune(turning, r) {
			return fmt.Sprintf("holds %U, which is obeyed", r)
		}
	}
	return ""
}

// Some kinds, each against one profile, so that what is true of all is seen to be broken soon. make hostile has the others.
func TestSomeHostileServers(t *testing.T) {
	t.Parallel()
	profiles := reference.Profiles()
	for i, kind := range quick {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			e := endure(t, kind, profiles[i%len(profiles)], 2*time.Minute, "--label-filter", "!sweep")
			for _, fault := range e.faults() {
				t.Error(fault)
			}
			if accounts, err := reference.Describe(e.profile); err != nil || strings.HasSuffix(kind, "-granting") && e.passed <= len(accounts.Secrets()) {
				t.Errorf("%d secrets passed: that proves little (%v)", e.passed, err)
			}
			if t.Failed() {
				t.Logf("%s\n%.4000s", e, e.Output)
			}
		})
	}
}

// quick are kinds whose runs are over in some seconds.
var quick = []string{
	"status-line-endless", "status-line-garbage", "http-0-9", "status-1000", "fields-endless", "field-with-escapes", "field-without-colon",
	"chunks-cut", "chunk-size-garbage", "closes-in-body", "gzip-truncated", "moved-to-itself", "ntlm-cut", "markup-in-refusals",
	"orders-of-azure-as-page-later", "escapes-in-refusals", "fresh-in-field-without-colon-granting", "fresh-in-reason-granting",
	"echo-in-location-often", "moments-garbage", "certificate-expired", "certificate-of-another-name", "certificate-chain-in-a-circle",
	"certificate-chain-of-10-MB", "certificate-changes", "handshake-never-answered", "handshake-endless", "alert-in-body", "connection-cut-in-body",
}

// Connections that end in the head of an answer now and then, and a certificate that is not accepted any more, are nobody's breach.
func TestWhatBreaksBelowBlamesNobody(t *testing.T) {
	t.Parallel()
	for kind, profile := range map[string]string{"closes-in-head-often": "pyramid-2018.5", "certificate-changes": "adaxes-2025.1"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			if e := endure(t, kind, profile, 2*time.Minute, "--label-filter", "!sweep"); e.Code == verdict.ExitNonconformant || len(e.faults()) > 0 {
				t.Errorf("%v\n%.4000s", e, e.Output)
			}
		})
	}
}

// What the search is for is found, or the tests that use it prove nothing.
func TestHostileTextsAreSeen(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a.json": "{", "a.xml": "<a></b>", "index.html": `<p><script>alert("` + hostile.Mark + `")</script>`, "output": "a\n  ##vso[task.complete]", "b": "\xff", "c": "\x1b[31m",
	} {
		if unreadable(name, text) == "" {
			t.Errorf("%s is readable: %q", name, text)
		}
	}
	if fault := unreadable("output", "fine\n\tand ::error::not at the start\n"); fault != "" {
		t.Error(fault)
	}
}

// The kinds are listed with their stories, and served by name.
func TestHostileKindsAreListedAndServed(t *testing.T) {
	t.Parallel()
	var listed []struct{ Name, Story string }
	o := conform(t, nil, "list", "hostile", "--json")
	if err := json.Unmarshal([]byte(o.stdout), &listed); err != nil || o.code != 0 {
		t.Fatalf("%d: %v\n%s", o.code, err, o.stderr)
	}
	if len(listed) != len(hostile.Kinds()) || len(listed) < 80 || listed[0].Name == "" || listed[0].Story == "" {
		t.Errorf("%d kinds: %+v", len(listed), listed[0])
	}
	for _, kind := range quick {
		if _, err := hostile.Find(kind); err != nil {
			t.Error(err)
		}
	}
	o = conform(t, nil, "serve", "--profile", "bluecat-9.5", "--hostile", "kind")
	if o.code != verdict.ExitUsage || strings.TrimSpace(o.stderr) != `conform: there is no hostile server "kind": conform list hostile shows them` {
		t.Errorf("%d: %s", o.code, o.stderr)
	}
	conform(t, nil, "serve", "--profile", "bluecat-9.5", "--hostile", "certificate-expired").
		said(t, verdict.ExitUsage, `the hostile server "certificate-expired" is one of TLS: serve it with --tls`)
}

// TestHostileServers is make hostile: every kind, every profile, and a table.
func TestHostileServers(t *testing.T) {
	if *hostileKinds == "" {
		t.Skip("-hostile says which kinds: make hostile")
	}
	var kinds []string
	for _, k := range hostile.Kinds() {
		if *hostileKinds == "all" || slices.Contains(strings.Split(*hostileKinds, ","), k.Name) {
			kinds = append(kinds, k.Name)
		}
	}
	profiles := reference.Profiles()
	if *hostileProfiles != "all" {
		profiles = strings.Split(*hostileProfiles, ",")
	}
	fmt.Printf("%-40s %-18s %4s %7s %6s %8s %6s\n", "KIND", "PROFILE", "EXIT", "SECONDS", "MB", "SECRETS", "BOUND")
	todo := make(chan [2]string)
	var mu sync.Mutex
	var all []endured
	var wg sync.WaitGroup
	for range *hostileJobs {
		wg.Go(func() {
			for pair := range todo {
				t.Run(pair[0]+"/"+pair[1], func(t *testing.T) {
					e := endure(t, pair[0], pair[1], *hostileLimit, "--label-filter", *hostileLabels)
					mu.Lock()
					defer mu.Unlock()
					fmt.Println(e)
					all = append(all, e)
				})
			}
		})
	}
	for _, profile := range profiles {
		for _, kind := range kinds {
			todo <- [2]string{kind, profile}
		}
	}
	close(todo)
	wg.Wait()
	summary, broken := summarize(all)
	fmt.Printf("%d kinds × %d profiles: %s\n", len(kinds), len(profiles), summary)
	if broken > 0 || len(all) < len(kinds)*len(profiles) || len(all) == 0 {
		t.Fail()
	}
}

func summarize(all []endured) (summary string, broken int) {
	var hung, crashed, secrets, unread int
	var most int64
	var longest time.Duration
	for _, e := range all {
		if len(e.faults()) > 0 {
			broken++
		}
		if e.hung() {
			hung++
		}
		if e.crashed() {
			crashed++
		}
		secrets += len(e.secrets)
		unread += len(e.broken)
		most, longest = max(most, e.megabytes()), max(longest, e.Wall)
	}
	return fmt.Sprintf("%d hang, %d crash, %d secrets, %d unreadable, at most %d MB, longest %.0f s; %d broken",
		hung, crashed, secrets, unread, most, longest.Seconds(), broken), broken
}
