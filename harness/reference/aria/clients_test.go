package aria

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The clients below know nothing of this project: they show that the server is what others' tools can talk to.

// pythonClient acquires a token, reads the current user and releases the token, with Python's standard library alone.
const pythonClient = `
import json, os, sys, time, urllib.error, urllib.request

base = sys.argv[1]

def call(method, path, body=None, token=None):
    request = urllib.request.Request(base + path, method=method)
    request.add_header("Accept", "application/json")
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    if token is not None:
        request.add_header("Authorization", "vRealizeOpsToken " + token)
    with urllib.request.urlopen(request, timeout=30) as response:
        text = response.read()
        return json.loads(text) if text else None

got = call("POST", "/api/auth/token/acquire",
           {"username": os.environ["ARIA_USER"], "password": os.environ["ARIA_PASSWORD"], "authSource": "local"})
assert got["validity"] > time.time() * 1000, "validity"
assert call("GET", "/api/auth/currentuser", token=got["token"])["username"] == os.environ["ARIA_USER"]
call("POST", "/api/auth/token/release", token=got["token"])
try:
    call("GET", "/api/auth/currentuser", token=got["token"])
except urllib.error.HTTPError as refused:
    assert refused.code == 401, refused.code
else:
    raise AssertionError("a released token works")
print("done")
`

// curlClient does the same with curl and the shell.
const curlClient = `
set -eu
acquired=$(printf '{"username":"%s","password":"%s"}' "$ARIA_USER" "$ARIA_PASSWORD_JSON" |
	curl --silent --show-error --fail --max-time 30 -H 'Content-Type: application/json' --data @- "$1/api/auth/token/acquire")
token=$(printf '%s' "$acquired" | sed -E 's/.*"token":"([^"]*)".*/\1/')
curl --silent --show-error --fail --max-time 30 -H "Authorization: vRealizeOpsToken $token" "$1/api/auth/currentuser" | grep -q "\"username\":\"$ARIA_USER\""
curl --silent --show-error --fail --max-time 30 -X POST -H "Authorization: vRealizeOpsToken $token" "$1/api/auth/token/release"
status=$(curl --silent --max-time 30 -o /dev/null -w '%{http_code}' -H "Authorization: vRealizeOpsToken $token" "$1/api/auth/currentuser")
test "$status" = 401
echo done
`

func TestForeignClients(t *testing.T) {
	for _, c := range []struct{ tool, interpreter, script string }{
		{"python3", "python3", pythonClient},
		{"curl", "sh", curlClient},
	} {
		t.Run(c.tool, func(t *testing.T) {
			t.Parallel()
			for _, needed := range []string{c.tool, c.interpreter} {
				if _, err := exec.LookPath(needed); err != nil {
					if os.Getenv("CI") == "true" {
						t.Fatalf("%s is missing, and CI=true asks for it", needed)
					}
					t.Skipf("%s is missing", needed)
				}
			}
			s, err := New(Config{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			server := httptest.NewServer(s.Handler())
			defer server.Close()
			script := filepath.Join(t.TempDir(), "client")
			if err := os.WriteFile(script, []byte(c.script), 0o600); err != nil {
				t.Fatal(err)
			}
			user := s.Sources()[0].Accounts[0]
			command := exec.CommandContext(t.Context(), c.interpreter, script, server.URL+BasePath)
			command.Env = append(os.Environ(), "no_proxy=127.0.0.1", "NO_PROXY=127.0.0.1",
				"ARIA_USER="+user.Username, "ARIA_PASSWORD="+user.Password,
				"ARIA_PASSWORD_JSON="+strings.ReplaceAll(user.Password, `"`, `\"`))
			output, err := command.CombinedOutput()
			if err != nil || !strings.HasSuffix(string(output), "done\n") {
				t.Errorf("%v: %s", err, output)
			}
			if live(s) != 0 {
				t.Errorf("the client left %d tokens", live(s))
			}
		})
	}
}
