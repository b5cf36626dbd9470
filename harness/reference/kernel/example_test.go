package kernel_test

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
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/reference/reply"
)

// What follows is a whole server of a small API, as short as a vendor's server can be: a login gives a token, as a bearer
// token and as a cookie, which opens something, is renewed and ends by a logout or by time.

// door is the server.
type door struct {
	kernel.Server
	config   doorConfig
	password string
	tokens   *kernel.Store[token]
}

type doorConfig struct {
	kernel.Config
	Rules doorRules
}

// doorRules are the decisions that can be replaced.
type doorRules struct {
	kernel.Seams[doorCall, kernel.Answer, kernel.Problem]
	kernel.RequestRules[doorCall, kernel.Problem]
	kernel.TimeRules
	// Live tells whether a token opens the door. Own decision: it has neither ended nor expired.
	Live func(c *doorCall, t token) bool
}

type token struct {
	Text string
	kernel.Life
}

type doorCall struct {
	kernel.Call
	server *door
}

type doorAnswer = kernel.Answer

const keeper = "keeper" // the only account

func newDoor(config doorConfig) (*door, error) {
	if err := kernel.Complete(&config, doorConfig{Config: kernel.DefaultConfig(0, time.Hour), Rules: doorRules{
		Seams:        kernel.OwnSeams[doorCall, doorAnswer, kernel.Problem](),
		RequestRules: kernel.OwnRequests[doorCall, kernel.Problem](nil),
		TimeRules:    kernel.TimeRules{TimeUnit: time.Millisecond},
		Live:         func(c *doorCall, t token) bool { return t.Live(c.Now) },
	}}); err != nil {
		return nil, err
	}
	limits := kernel.Limits{Shortest: config.TokenLifetime, Keep: config.Rules.KeepEnded}
	d := &door{config: config, password: config.Password(), tokens: kernel.NewStore(limits, func(t token) string { return t.Text }, nil)}
	d.Start(config.Config, config.Rules.Wrap, kernel.Serve(&d.Server, kernel.Dialect[doorCall, doorAnswer, kernel.Problem]{
		Seams: config.Rules.Seams, Requests: config.Rules.RequestRules,
		Routes: kernel.Routes[doorCall, doorAnswer, kernel.Problem]{
			{Method: http.MethodPost, Path: "/login", Operation: "login", Body: true, Answer: (*doorCall).logIn},
			{Method: http.MethodGet, Path: "/rooms/?*", Operation: "open", Answer: (*doorCall).open},
			{Method: http.MethodPost, Path: "/token", Operation: "renew", Answer: (*doorCall).renew},
			{Method: http.MethodDelete, Path: "/token", Operation: "logOut", Answer: (*doorCall).logOut},
		},
		Call:    func(c kernel.Call) *doorCall { return &doorCall{Call: c, server: d} },
		Refusal: func(p kernel.Problem) *kernel.Problem { return &p },
		Refused: func(_ *doorCall, p *kernel.Problem) *doorAnswer {
			return &doorAnswer{Status: p.Status, Header: p.Header.Clone(), Members: reply.Members{reply.Of("error", p.Message)}}
		},
		Finish: func(_ *doorCall, a *doorAnswer) { a.Header.Set("Cache-Control", "no-store") },
	}), nil, d.tokens)
	return d, nil
}

func refuse(status int, message string) (*doorAnswer, *kernel.Problem) {
	return nil, &kernel.Problem{Status: status, Message: message}
}

func (c *doorCall) logIn() (*doorAnswer, *kernel.Problem) {
	object, problem := kernel.ReadObject(c.Body, nil)
	if problem != nil {
		return nil, problem
	}
	name, wrongName := object.Text("name")
	password, wrongPassword := object.Text("password")
	if wrongName+wrongPassword != "" {
		return refuse(http.StatusBadRequest, "A name and a password are required.")
	}
	tried := c.server.Try(name, name == keeper, c.Now, password, func() bool { return kernel.SamePassword(c.server.password, password) })
	switch {
	case tried.Locked:
		return refuse(http.StatusTooManyRequests, "There were too many wrong passwords.")
	case !tried.Right:
		return refuse(http.StatusUnauthorized, "The name or the password is wrong.")
	}
	return c.hand(), nil
}

// hand hands out a new token.
func (c *doorCall) hand() *doorAnswer {
	rules := c.server.config.Rules
	made := token{random.ID(32), kernel.Life{ExpiresAt: rules.Ends(c.Now, c.server.config.TokenLifetime)}}
	c.server.tokens.Add(made)
	answer := kernel.Answered(http.StatusOK, reply.Members{reply.Of("token", made.Text), reply.Of("expires", rules.Time(made.ExpiresAt))})
	answer.Header.Add("Set-Cookie", (&http.Cookie{Name: "door", Value: made.Text, HttpOnly: true, Expires: made.ExpiresAt}).String())
	return &answer
}

// authorized acts with the token that a request carries, as a bearer token or as a cookie.
func (c *doorCall) authorized(act func(token) *doorAnswer) (*doorAnswer, *kernel.Problem) {
	text, bearer := strings.CutPrefix(c.Request.Header.Get("Authorization"), "Bearer ")
	if cookie, err := c.Request.Cookie("door"); err == nil && !bearer {
		text = cookie.Value
	}
	held, known := c.server.tokens.Find(text)
	if !known || !c.server.config.Rules.Live(c, held) {
		return refuse(http.StatusUnauthorized, "The door stays shut.")
	}
	return act(held), nil
}

func (c *doorCall) open() (*doorAnswer, *kernel.Problem) {
	return c.authorized(func(token) *doorAnswer { return &doorAnswer{Status: http.StatusOK, Body: []byte("come in")} })
}

func (c *doorCall) renew() (*doorAnswer, *kernel.Problem) {
	return c.authorized(func(old token) *doorAnswer {
		c.server.tokens.End(old.Text, c.Now)
		return c.hand()
	})
}

func (c *doorCall) logOut() (*doorAnswer, *kernel.Problem) {
	return c.authorized(func(held token) *doorAnswer {
		c.server.tokens.End(held.Text, c.Now)
		return &doorAnswer{Status: http.StatusNoContent}
	})
}

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
