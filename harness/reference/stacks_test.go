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
)

// PHP's curl goes through the whole process: it sends escaped slashes, and "+" for a blank.
func TestPHP(t *testing.T) {
	t.Parallel()
	for profile, kind := range map[string]string{"adaxes-2023.2": "0", "adaxes-2025.1": ""} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			needs(t, "php")
			s := served(t, profile)
			compareSteps(t, steps(t, s, "php", "curl.php", "TYPE="+kind), fullProcess)
			if sessions, tokens := s.Live(); sessions != 0 || tokens != 0 {
				t.Errorf("%d sessions and %d tokens are left on the server", sessions, tokens)
			}
		})
	}
}

// Java's HttpURLConnection sends its credentials once it is asked for them by a scheme that it knows.
func TestJava(t *testing.T) {
	t.Parallel()
	needs(t, "java")
	needs(t, "javac") // a lone runtime runs no sources
	if got := steps(t, served(t, "bluecat-9.5"), "java", "Basic.java"); !slices.Equal(got, []string{"log-in 201", "read 200"}) {
		t.Errorf("the steps were %q", got)
	}
}

func served(t *testing.T, profile string) *reference.Server {
	t.Helper()
	s, err := reference.Serve(reference.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// .NET's HttpClient, by the bytes that it sends: the media type with its charset, a body that JsonContent sends in chunks, no User-Agent
// and no Accept, the Host behind the fields of the caller, and small percent-escapes of HttpUtility.UrlEncode.
func TestDotNetByItsBytes(t *testing.T) {
	t.Parallel()
	for profile, kind := range map[string]string{"adaxes-2023.2": `,"type":0`, "adaxes-2025.1": ""} {
		for name, framed := range map[string]func(string) string{
			"StringContent": func(body string) string {
				return fmt.Sprintf("Content-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			},
			"JsonContent": func(body string) string {
				return fmt.Sprintf("Transfer-Encoding: chunked\r\nContent-Type: application/json; charset=utf-8\r\n\r\n%X\r\n%s\r\n0\r\n\r\n", len(body), body)
			},
		} {
			t.Run(profile+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := served(t, profile)
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
				reader := bufio.NewReader(conn)
				send := func(want int, line, fields, content string) (body map[string]any) {
					t.Helper()
					method, _, _ := strings.Cut(line, " ")
					if _, err := io.WriteString(conn, line+" HTTP/1.1\r\n"+fields+"Host: "+base.Host+"\r\n"+content); err != nil {
						t.Fatal(err)
					}
					answer, err := http.ReadResponse(reader, &http.Request{Method: method})
					if err != nil {
						t.Fatal(err)
					}
					data, err := io.ReadAll(answer.Body)
					if err != nil || answer.StatusCode != want {
						t.Fatalf("%s: %d %s %v", line, answer.StatusCode, data, err)
					}
					if len(data) > 0 && json.Unmarshal(data, &body) != nil {
						t.Fatalf("%s: %s", line, data)
					}
					return body
				}
				text := func(body map[string]any, member string) string { text, _ := body[member].(string); return text }
				escaped := func(text string) string {
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
				account, path := s.Target().Account, base.Path
				login, err := json.Marshal(map[string]string{"username": account.Username, "password": account.Password.Reveal()})
				if err != nil {
					t.Fatal(err)
				}
				session := text(send(200, "POST "+path+"/api/authSessions/create", "", framed(string(login))), "sessionId")
				token := text(send(200, "POST "+path+"/api/auth", "", framed(`{"sessionId":"`+session+`"`+kind+`}`)), "token")
				authorized := "Adm-Authorization: " + token + "\r\n"
				send(200, "GET "+path+s.Target().Probe.Path, authorized, "\r\n")
				renewed := text(send(200, "PATCH "+path+"/api/auth?token="+escaped(token), authorized, "Content-Length: 0\r\n\r\n"), "token")
				send(204, "DELETE "+path+"/api/authSessions?id="+escaped(session), "", "\r\n")
				for _, one := range []string{token, renewed} {
					send(204, "DELETE "+path+"/api/auth?token="+escaped(one), "Adm-Authorization: "+renewed+"\r\n", "\r\n")
				}
				if sessions, tokens := s.Live(); sessions != 0 || tokens != 0 {
					t.Errorf("%d sessions and %d tokens are left on the server", sessions, tokens)
				}
			})
		}
	}
}
