package pyramid_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"example.org/conform/harness/reference/pyramid"
)

const (
	loginPath = "/API2/auth/authenticateUserWindows"
	callPath  = "/API2/query/extractQueryResult"
)

// start serves a configuration on loopback until the test ends.
func start(t *testing.T, config pyramid.Config) (*pyramid.Server, string) {
	t.Helper()
	server, err := pyramid.New(config)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewUnstartedServer(server.Handler())
	web.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context { return server.ConnContext(ctx, c) }
	web.Start()
	t.Cleanup(func() {
		server.Close()
		web.Close()
	})
	return server, strings.Replace(web.URL, "127.0.0.1", "localhost", 1)
}

// call makes the API call with a token and returns its status.
func call(t *testing.T, base, token string) int {
	t.Helper()
	body, err := json.Marshal(map[string]any{"data": map[string]any{"itemId": "x"}, "auth": token})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(base+callPath, "application/json", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

// curl runs curl, which has to have a feature, and returns the status and the body.
func curl(t *testing.T, feature string, environment []string, arguments ...string) (status, body string) {
	t.Helper()
	version, err := exec.Command("curl", "--version").Output()
	if err != nil || !strings.Contains(string(version), feature) {
		skipOrFail(t, "curl with "+feature+" is missing; install curl")
	}
	cmd := exec.CommandContext(t.Context(), "curl", append([]string{"-sS", "-w", "\n%{http_code}", "-X", "POST", "-d", "null",
		"-H", "Content-Type: application/json"}, arguments...)...)
	cmd.Env = append(os.Environ(), environment...)
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("curl: %v", err)
	}
	i := strings.LastIndexByte(string(output), '\n')
	return string(output[i+1:]), string(output[:i])
}

// skipOrFail skips a test for what the machine lacks, unless it is CI's, which has to have it.
func skipOrFail(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}
