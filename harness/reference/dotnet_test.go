package reference_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// dotNet is .NET's HttpClient, by the bytes that it sends on one connection: no User-Agent and no Accept, the fields of the caller before
// the Host, and those of the content behind it.
type dotNet struct {
	t    *testing.T
	base *url.URL
	conn net.Conn
	from *bufio.Reader
}

func newDotNet(t *testing.T, s *reference.Server) *dotNet {
	t.Helper()
	base, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", base.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	return &dotNet{t, base, conn, bufio.NewReader(conn)}
}

// send sends a request to a path below the server's URL, expects a status, and reads the members of the answer.
func (d *dotNet) send(want int, method, path, fields, content string) map[string]any {
	d.t.Helper()
	line := method + " " + d.base.Path + path
	if _, err := io.WriteString(d.conn, line+" HTTP/1.1\r\n"+fields+"Host: "+d.base.Host+"\r\n"+content); err != nil {
		d.t.Fatal(err)
	}
	answer, err := http.ReadResponse(d.from, &http.Request{Method: method})
	if err != nil {
		d.t.Fatal(err)
	}
	data, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != want {
		d.t.Fatalf("%s: %d %s %v", line, answer.StatusCode, data, err)
	}
	body := map[string]any{}
	if len(data) > 0 && json.Unmarshal(data, &body) != nil {
		d.t.Fatalf("%s: %s", line, data)
	}
	return body
}

func textOf(body map[string]any, name string) string { text, _ := body[name].(string); return text }

// What a StringContent with its charset sends, a JsonContent in chunks, no content, and none where a method could have one.
func stringContent(body string) string {
	return fmt.Sprintf("Content-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func jsonContent(body string) string {
	return fmt.Sprintf("Transfer-Encoding: chunked\r\nContent-Type: application/json; charset=utf-8\r\n\r\n%X\r\n%s\r\n0\r\n\r\n", len(body), body)
}

const noContent, nullContent = "\r\n", "Content-Length: 0\r\n\r\n"

// urlEncode is HttpUtility.UrlEncode, whose escapes are in small letters.
func urlEncode(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if strings.ContainsRune("-_.!*()", rune(c)) || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

// authorized is a credential among the fields of the caller.
func authorized(credential string) string { return "Adm-Authorization: " + credential + "\r\n" }

// The samples that show one operation each, one after the other, are understood, and make a client that keeps its part.
func TestDotNetByItsBytes(t *testing.T) {
	t.Parallel()
	for profile, kind := range map[string]string{"adaxes-2023.2": `,"type":0`, "adaxes-2025.1": ""} {
		for name, content := range map[string]func(string) string{"StringContent": stringContent, "JsonContent": jsonContent} {
			t.Run(profile+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := judgedServer(t, reference.Options{Profile: profile})
				d, account := newDotNet(t, s), s.Target().Account
				login, err := json.Marshal(map[string]string{"username": account.Username, "password": account.Password.Reveal()})
				if err != nil {
					t.Fatal(err)
				}
				session := textOf(d.send(200, "POST", "/api/authSessions/create", "", content(string(login))), "sessionId")
				token := textOf(d.send(200, "POST", "/api/auth", "", content(`{"sessionId":"`+session+`"`+kind+`}`)), "token")
				d.send(200, "GET", s.Target().Probe.Path, authorized(token), noContent)
				renewed := textOf(d.send(200, "PATCH", "/api/auth?token="+urlEncode(token), authorized(token), nullContent), "token")
				d.send(204, "DELETE", "/api/authSessions?id="+urlEncode(session), "", noContent)
				for _, one := range []string{token, renewed} {
					d.send(204, "DELETE", "/api/auth?token="+urlEncode(one), authorized(renewed), noContent)
				}
				if sessions, tokens := s.Live(); sessions != 0 || tokens != 0 {
					t.Errorf("%d sessions and %d tokens are left on the server", sessions, tokens)
				}
				compareBroken(t, s.Verdict(), verdict.Conformant)
			})
		}
	}
}

// The whole process of the document's C# ("Full authentication process"), as it stands, breaks what the text around it says: names in single
// quotes, the session's end at another path, tokens that are not encoded, and a renewed token that nobody keeps. What was given for that is
// what an answer gave all the same.
func TestTheDocumentsOwnCSharpIsJudged(t *testing.T) {
	t.Parallel()
	s := judgedServer(t, reference.Options{Profile: "adaxes-2025.1", Variant: "single-quotes"})
	d, account := newDotNet(t, s), s.Target().Account
	login := fmt.Sprintf("\r\n{\r\n 'username': \"%s\",\r\n 'password': \"%s\"\r\n}", account.Username, account.Password.Reveal())
	session := textOf(d.send(200, "POST", "/api/authSessions/create", "", stringContent(login)), "sessionId")
	token := ""
	for !strings.Contains(token, "+") { // as nearly each of them has it
		token = textOf(d.send(200, "POST", "/api/auth", "", stringContent("\r\n{\r\n 'sessionId': \""+session+"\"\r\n}")), "token")
	}
	d.send(200, "PATCH", "/api/auth?token="+urlEncode(token), authorized(token), nullContent)
	d.send(204, "DELETE", "/api/auth?id="+session, authorized(token), noContent)
	d.send(204, "DELETE", "/api/auth?token="+token, authorized(token), noContent)
	compareBroken(t, s.Verdict(), verdict.Nonconformant, "ADX-CLI-02", "ADX-CLI-03", "ADX-CLI-07", "RFC-CLI-05", "RFC-CLI-08", "RFC-CLI-10")
}

func judgedServer(t *testing.T, options reference.Options) *reference.Server {
	t.Helper()
	reference.Judged(&options)
	s, err := reference.Serve(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// compareBroken compares the requirements that a client has broken, and what that makes it.
func compareBroken(t *testing.T, run verdict.Run, outcome verdict.Outcome, want ...string) {
	t.Helper()
	var broken []string
	for _, c := range run.Checks {
		if c.Broken() {
			broken = append(broken, c.Requirements[0])
		}
	}
	slices.Sort(broken)
	if broken = slices.Compact(broken); run.Verdict != outcome || !slices.Equal(broken, want) {
		t.Errorf("the client is %s (%s) and breaks %q, want %s and %q", run.Verdict, run.Reason, broken, outcome, want)
	}
}
