package door

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.org/conform/harness/reference/kernel"
)

// The server from a client's side, over loopback.
func TestSmallServer(t *testing.T) {
	t.Parallel()
	var late atomic.Int64 // seconds
	clock := func() time.Time { return time.Unix(1_000_000+late.Load(), 0) }
	serve := func(config doorConfig) (*door, func(method, path, body string, header ...string) (int, http.Header, map[string]string)) {
		config.Clock, config.TokenLifetime, config.LockoutAfter = clock, time.Minute, 2
		d, err := newDoor(config)
		if err != nil {
			t.Fatal(err)
		}
		listening := httptest.NewServer(d.Handler())
		t.Cleanup(func() {
			d.Close()
			listening.Close()
		})
		return d, func(method, path, body string, header ...string) (int, http.Header, map[string]string) {
			r, err := http.NewRequestWithContext(t.Context(), method, listening.URL+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = answer.Body.Close() }()
			var members map[string]string
			_ = json.NewDecoder(answer.Body).Decode(&members) // not every answer has some
			return answer.StatusCode, answer.Header, members
		}
	}
	expect := func(what string, got, want int) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	d, do := serve(doorConfig{})
	credentials := func(password string) string {
		text, _ := json.Marshal(map[string]string{"name": keeper, "password": password}) // texts can always be written
		return string(text)
	}
	status := func(method, path, body string, header ...string) int {
		got, _, _ := do(method, path, body, header...)
		return got
	}
	bearer := func(of map[string]string) string { return "Bearer " + of["token"] }

	code, header, made := do("POST", "/login", credentials(d.password))
	expect("login", code, 200)
	if made["expires"] != clock().Add(time.Minute).UTC().Format("2006-01-02T15:04:05.000Z") || header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v, %v", made, header)
	}
	expect("the token", status("GET", "/rooms/1", "", "Authorization", bearer(made)), 200)
	expect("the cookie", status("GET", "/rooms/1", "", "Cookie", strings.Split(header.Get("Set-Cookie"), ";")[0]), 200)
	expect("nothing", status("GET", "/rooms/1", ""), 401)
	code, _, renewed := do("POST", "/token", "", "Authorization", bearer(made))
	expect("renewal", code, 200)
	expect("the old token", status("GET", "/rooms/1", "", "Authorization", bearer(made)), 401)
	expect("logout", status("DELETE", "/token", "", "Authorization", bearer(renewed)), 204)
	expect("the ended token", status("GET", "/rooms/1", "", "Authorization", bearer(renewed)), 401)
	_, _, short := do("POST", "/login", credentials(d.password))
	late.Add(60)
	expect("the expired token", status("GET", "/rooms/1", "", "Authorization", bearer(short)), 401)

	expect("no room", status("GET", "/rooms/", ""), 404)
	code, header, _ = do("PUT", "/token", "")
	if expect("another method", code, 405); header.Get("Allow") != "POST, DELETE" {
		t.Errorf("Allow: %s", header.Get("Allow"))
	}
	expect("no name", status("POST", "/login", "{}"), 400)
	expect("as text", status("POST", "/login", credentials(d.password), "Content-Type", "text/plain"), 415)
	expect("too much", status("POST", "/login", strings.Repeat(" ", kernel.DefaultMaxBody+1)), 413)
	for i, want := range []int{401, 401, 429, 429} {
		expect(fmt.Sprintf("wrong password %d", i+1), status("POST", "/login", credentials("wrong")), want)
	}
	expect("the right one, too late", status("POST", "/login", credentials(d.password)), 429)
	if n := d.WrongPasswords(); n != 2 {
		t.Errorf("%d wrong passwords", n)
	}

	// A rule breaks it as a fault would.
	broken, doBroken := serve(doorConfig{Rules: doorRules{
		Seams: kernel.Seams[doorCall, doorAnswer, kernel.Problem]{KeepEnded: time.Hour},
		Live:  func(*doorCall, token) bool { return true },
	}})
	_, _, made = doBroken("POST", "/login", credentials(broken.password))
	late.Add(60)
	code, _, _ = doBroken("GET", "/rooms/1", "", "Authorization", bearer(made))
	expect("an expired token that is kept and taken for a live one", code, 200)
}
