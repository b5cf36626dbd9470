package bluecat_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference/bluecat"
)

// curlScript is the document's own call, and what follows it: the credentials field is used as it is.
const curlScript = `
set -eu
session=$(curl -sS --fail -d "$BODY" -X POST -H "Content-Type: application/json" "$URL/api/v2/sessions")
credentials=$(printf %s "$session" | sed 's/.*"basicAuthenticationCredentials":"\([^"]*\)".*/\1/')
authorization="Authorization: Basic $credentials"
curl -sS --fail -H "$authorization" "$URL/api/v2/configurations"
curl -sS --fail -o /dev/null -X PATCH -H "$authorization" -H "Content-Type: application/merge-patch+json" \
  -d '{"state":"LOGGED_OUT"}' "$URL/api/v2/sessions/current"
curl -sS -o /dev/null -w '%{http_code}' -H "$authorization" "$URL/api/v2/configurations"
`

// pythonScript makes the credentials of name and token, with nothing but the standard library.
const pythonScript = `
import base64, json, os, urllib.error, urllib.request
url = os.environ["URL"]
def call(method, path, body=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url + path, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
body = os.environ["BODY"]
status, text = call("POST", "/api/v2/sessions", body.encode(), Content_Type="application/json", Accept="application/json")
assert status == 201 and "_links" not in text, (status, text)
name, token = json.loads(body)["username"], json.loads(text)["apiToken"]
basic = "Basic " + base64.b64encode(f"{name}:{token}".encode()).decode()
status, text = call("GET", "/api/v2/configurations", Authorization=basic)
assert status == 200, (status, text)
print(text)
status, _ = call("PATCH", "/api/v2/sessions/current", b'{"state":"LOGGED_OUT"}', Authorization=basic, Content_Type="application/merge-patch+json")
assert status == 200, status
print(call("GET", "/api/v2/configurations", Authorization=basic)[0], end="")
`

// Clients that know nothing of this project log in, read with the token, and log out.
func TestOtherClients(t *testing.T) {
	t.Parallel()
	for _, client := range []struct {
		title, program string
		arguments      []string
		needs          []string
	}{
		{"curl", "sh", []string{"-c", curlScript}, []string{"curl", "sed"}},
		{"Python", "python3", []string{"-c", pythonScript}, nil},
	} {
		t.Run(client.title, func(t *testing.T) {
			t.Parallel()
			for _, program := range append(client.needs, client.program) {
				if _, err := exec.LookPath(program); err != nil {
					if os.Getenv("CI") == "true" {
						t.Fatalf("%s is not installed, and CI=true asks for it", program)
					}
					t.Skipf("%s is not installed", program)
				}
			}
			b := start(t, bluecat.Config{})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, client.program, client.arguments...)
			cmd.Env = append(os.Environ(), "URL="+b.url, "BODY="+b.credentials(), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
			var complaints bytes.Buffer
			cmd.Stderr = &complaints
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v: %s", err, complaints.String())
			}
			if text := string(out); !strings.Contains(text, `"type":"Configuration"`) || !strings.HasSuffix(text, "401") {
				t.Errorf("the collection and then a refusal were expected; got %s", text)
			}
			if live, _ := b.server.Live(); live != 0 {
				t.Errorf("%d sessions left", live)
			}
		})
	}
}
