package main

import (
	"bytes"
	"context"
	"crypto/pbkdf2"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
)

// realServer is a server that nobody here wrote, as its makers publish it: how it is installed, started, and given its account. Its lifetimes
// are those of its target.yaml.
type realServer struct {
	name, version string
	// tool is the program that has to be there, to install it with or as itself, and debian the package that has it.
	tool, debian string
	install      func(dir string) []string
	// configure writes what it reads when it starts, and returns how it is started.
	configure func(context.Context, *realRun) ([]string, error)
	setUp     func(context.Context, *realRun) error
}

var knownServers = []realServer{
	{
		name: "pouchdb-server", version: "4.2.0", tool: "npm", debian: "npm", install: byNPM("pouchdb-server@4.2.0"),
		configure: func(_ context.Context, r *realRun) ([]string, error) {
			return []string{
				filepath.Join(r.installed, "node_modules/.bin/pouchdb-server"), "--in-memory", "--host", "127.0.0.1", "--port", strconv.Itoa(r.port),
				"--config", "config.json",
			}, r.write("config.json", `{"couch_httpd_auth": {"timeout": 10}}`)
		},
		setUp: func(ctx context.Context, r *realRun) error {
			_, err := r.send(ctx, http.MethodPut, "/_users/org.couchdb.user:alice", "", map[string]any{
				"name": "alice", "password": r.password, "roles": []string{}, "type": "user",
			})
			return err
		},
	},
	{
		name: "node-red", version: "4.1.15", tool: "npm", debian: "npm", install: byNPM("node-red@4.1.15"),
		configure: func(_ context.Context, r *realRun) ([]string, error) {
			return []string{filepath.Join(r.installed, "node_modules/.bin/node-red"), "--userDir", r.home}, r.write("settings.js", fmt.Sprintf(`
const password = require(%q).hashSync(process.env.CONFORM_PASSWORD, 4)
module.exports = {uiHost: "127.0.0.1", uiPort: %d,
  adminAuth: {type: "credentials", sessionExpiryTime: 12, users: [{username: "admin", password, permissions: "*"}]}}
`, filepath.Join(r.installed, "node_modules/bcryptjs"), r.port))
		},
	},
	{
		name: "qbittorrent", version: "of Debian", tool: "qbittorrent-nox", debian: "qbittorrent-nox",
		configure: func(_ context.Context, r *realRun) ([]string, error) {
			salt := []byte("sixteen bytes of")
			key, err := pbkdf2.Key(sha512.New, r.password, salt, 100_000, 64)
			if err != nil {
				return nil, err
			}
			text := base64.StdEncoding.EncodeToString
			return []string{"qbittorrent-nox", "--profile=" + r.home}, r.write("qBittorrent/config/qBittorrent.conf", fmt.Sprintf(`[LegalNotice]
Accepted=true

[Preferences]
WebUI\Address=127.0.0.1
WebUI\Port=%d
WebUI\SessionTimeout=6
WebUI\MaxAuthenticationFailCount=100000
WebUI\Password_PBKDF2="@ByteArray(%s:%s)"
`, r.port, text(salt), text(key)))
		},
	},
	{
		name: "pocketbase", version: "0.36.0", tool: "go", debian: "golang",
		install: func(string) []string {
			return []string{"go", "install", "github.com/pocketbase/pocketbase/examples/base@v0.36.0"}
		},
		configure: func(ctx context.Context, r *realRun) ([]string, error) {
			program := filepath.Join(r.installed, "base")
			if said, err := r.command(ctx, program, "--dir", "data", "superuser", "upsert", "root@example.com", r.password).CombinedOutput(); err != nil {
				return nil, fmt.Errorf("%w: %s", err, said)
			}
			return []string{program, "--dir", "data", "serve", "--http", fmt.Sprintf("127.0.0.1:%d", r.port)}, nil
		},
		setUp: func(ctx context.Context, r *realRun) error {
			said, err := r.send(ctx, http.MethodPost, "/api/collections/_superusers/auth-with-password", "", map[string]any{
				"identity": "root@example.com", "password": r.password,
			})
			var root struct{ Token string }
			if err == nil {
				err = json.Unmarshal(said, &root)
			}
			if err == nil {
				_, err = r.send(ctx, http.MethodPatch, "/api/collections/users", root.Token, map[string]any{"authToken": map[string]int{"duration": 12}})
			}
			if err == nil {
				_, err = r.send(ctx, http.MethodPost, "/api/collections/users/records", root.Token, map[string]any{
					"email": "alice@example.com", "password": r.password, "passwordConfirm": r.password, "verified": true,
				})
			}
			return err
		},
	},
}

// byNPM installs a package without the scripts of what it needs, which build for minutes what none of these servers uses here.
func byNPM(what string) func(dir string) []string {
	return func(dir string) []string {
		return []string{"npm", "install", "--prefix", dir, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error", what}
	}
}

// write writes a file that it reads, below its home.
func (r *realRun) write(name, text string) error {
	name = filepath.Join(r.home, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o600)
}

// send sends it what sets up its account.
func (r *realRun) send(ctx context.Context, method, path, authorization string, body any) ([]byte, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, r.url()+path, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s is answered %s", method, path, answer.Status)
	}
	return said, err
}
