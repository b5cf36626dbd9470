package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode/utf16"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
)

// unharmed are so many good answers that the preflight is over: what comes after them is mangled.
const unharmed = 4

// mangles are ways in which a server, or what stands before it, sends its answers so that no reader of JSON can read them as they are.
var mangles = map[string]func(h http.Header, body []byte) []byte{
	"gzip": func(h http.Header, body []byte) []byte {
		h.Set("Content-Encoding", "gzip")
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(body)
		_ = z.Close()
		return b.Bytes()
	},
	"UTF-16": func(_ http.Header, body []byte) []byte {
		wide := []byte("\xff\xfe")
		for _, u := range utf16.Encode([]rune(string(body))) {
			wide = append(wide, byte(u), byte(u>>8))
		}
		return wide
	},
	"NULs":     func(_ http.Header, body []byte) []byte { return bytes.ReplaceAll(body, []byte(`"`), []byte("\x00\"")) },
	"no UTF-8": func(_ http.Header, body []byte) []byte { return append([]byte{0xff, 'x', 0xfe}, body...) },
	"not unpacked": func(h http.Header, body []byte) []byte {
		h.Set("Content-Encoding", "br")
		return append([]byte{0x0b, 2, 0x80}, body...)
	},
	"XML": func(h http.Header, body []byte) []byte {
		h.Set("Content-Type", "application/xml")
		return fmt.Appendf(nil, "<answer text='%s'/>", bytes.ReplaceAll(body, []byte(`"`), []byte("&quot;")))
	},
	"cut":  func(_ http.Header, body []byte) []byte { return body[:len(body)-1] },
	"torn": func(h http.Header, body []byte) []byte { h.Set("X-Torn", "yes"); return body[:len(body)-1] },
	"in a text": func(_ http.Header, body []byte) []byte {
		text, _ := json.Marshal(string(body))
		return text
	},
	"repeated in headers": func(h http.Header, body []byte) []byte {
		for i, text := range handedOut(body) {
			h.Add("Set-Cookie", fmt.Sprintf("C%d=%s; Path=/", i, text))
			h.Add("X-Api-Token", text)
			h.Add("X-Kept", "old "+text)
		}
		return body
	},
}

// handedOut are the texts of a body that serve as credentials: those under names that say so, or a whole that is a word.
func handedOut(body []byte) (all []string) {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		if text := string(body); len(text) > 20 && !strings.ContainsAny(text, " <{") {
			all = append(all, text)
		}
		return all
	}
	for _, name := range []string{"sessionId", "token", "id", "apiToken", "basicAuthenticationCredentials"} {
		if text, ok := members[name].(string); ok {
			all = append(all, text)
		}
	}
	return all
}

// gives are the requests by which the systems hand out credentials.
var gives = regexp.MustCompile(`^(POST|PATCH) /.*(/auth|/authSessions/create|/token/acquire|/v2/sessions|/authenticateUserWindows)$`)

// given are the secrets of a server.
type given struct {
	mu  sync.Mutex
	all []string
}

func (g *given) note(texts ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all = append(g.all, texts...)
}

// mangled is a server with its answers mangled, described for a run.
func mangled(t *testing.T, profile string, how func(http.Header, []byte) []byte, g *given) string {
	t.Helper()
	server := serve(t, reference.Options{Profile: profile})
	handler := server.Handler()
	var answers atomic.Int32
	front := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorded := httptest.NewRecorder()
		handler.ServeHTTP(recorded, r)
		body := recorded.Body.Bytes()
		for name, values := range recorded.Header() {
			w.Header()[name] = values
		}
		if recorded.Code/100 == 2 && gives.MatchString(r.Method+" "+r.URL.Path) {
			g.note(handedOut(body)...)
		}
		if recorded.Code/100 == 2 && len(body) > 0 && (r.Method == http.MethodPost || r.Method == http.MethodPatch) && answers.Add(1) > unharmed {
			body = how(w.Header(), body)
		}
		if w.Header().Get("X-Torn") != "" {
			w.Header().Set("Content-Length", fmt.Sprint(len(body)+10))
		} else {
			w.Header().Del("Content-Length")
		}
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(body)
	}))
	front.Listener, front.Config.ConnContext = server.Listen(front.Listener), server.ConnContext
	front.Start()
	t.Cleanup(front.Close)
	description := *server.Target()
	description.Instances, description.Lifetimes, description.MaxWait = nil, target.Lifetimes{}, 0
	_, path, _ := strings.Cut(strings.TrimPrefix(description.URL, "http://"), "/")
	description.URL = strings.TrimSuffix(front.URL+"/"+path, "/")
	data, err := description.MarshalFile()
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "target.yaml", string(data))
}

// dump is a run of bytes as hexadecimal dumps write them.
var dump = regexp.MustCompile(`(?:[0-9a-f]{2} {1,2}){4,16}`)

// undumped is what the hexadecimal dumps in a text hold, of which every second byte, or some, may be a NUL.
func undumped(text string) string {
	var b []byte
	for _, line := range dump.FindAllString(text, -1) {
		data, _ := hex.DecodeString(strings.ReplaceAll(line, " ", ""))
		b = append(b, data...)
	}
	return string(bytes.ReplaceAll(b, []byte{0}, nil))
}

// However an answer is mangled, no session and no token that the server gave is in anything that a run leaves, and whatever
// the run could not read it says may be left behind.
func TestNoSecretIsInMangledAnswers(t *testing.T) {
	t.Parallel()
	for profile, checks := range map[string]string{
		"adaxes-2023.2": "ADX-SES-01 || ADX-TOK-01 || ADX-REN-01 || ADX-REN-02", "adaxes-2025.1": "ADX-SES-01 || ADX-TOK-01 || ADX-REN-01 || ADX-REN-02",
		"aria-operations-8": "(ARO-ACQ-01 || ARO-TOK-01) && !sweep", "bluecat-9.5": "(BCT-SES-01 || BCT-AUT-01 || BCT-SES-02) && !sweep",
		"pyramid-2018.5": "(PYR-TOK-01 || PYR-TOK-02 || PYR-USE-01) && !sweep",
	} {
		for name, how := range mangles {
			t.Run(profile+"/"+name, func(t *testing.T) {
				t.Parallel()
				var g given
				o := conform(t, nil, "run", "--target-file", mangled(t, profile, how, &g), "--label-filter", checks, "--explore", "0",
					"--reports", "report.json,run.har,junit.xml")
				if o.report == nil || len(g.all) <= unharmed/2 {
					t.Fatalf("the server gave %d secrets, exit code %d:\n%s%s", len(g.all), o.code, o.stdout, o.stderr)
				}
				unread := slices.Contains([]string{"NULs", "no UTF-8", "not unpacked", "cut", "torn"}, name)
				if left := o.report.Runs[0].LeftBehind; strings.HasPrefix(profile, "adaxes") && unread != (len(left) > 0) && name != "XML" && name != "in a text" {
					t.Errorf("left behind: %q", left)
				}
				files, err := filepath.Glob(filepath.Join(o.dir, "reports", "run", "*"))
				if err != nil || len(files) != 3 {
					t.Fatalf("the reports are %v, %v", files, err)
				}
				texts := []string{o.stdout + o.stderr}
				for _, file := range files {
					data, err := os.ReadFile(file)
					if err != nil {
						t.Fatal(err)
					}
					texts = append(texts, string(data))
				}
				all := strings.Join(texts, "\n")
				all += "\n" + undumped(all)
				all = strings.NewReplacer("\x00", "", `\u0000`, "").Replace(all)
				for _, secret := range g.all {
					for _, form := range []string{secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret))} {
						if i := strings.Index(all, form); i >= 0 {
							t.Fatalf("a secret is in what the run left: …%q…", all[max(0, i-120):i+len(form)])
						}
					}
				}
			})
		}
	}
}
