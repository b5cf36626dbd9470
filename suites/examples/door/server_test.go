package door

import (
	"net/http"
	"strings"
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

const keeper = "keeper"

// guests have passwords of their own, and may do what the keeper may.
var guests = map[string]string{"guest": "R\u00e9d + wh%69te &amp; <ros\u00e9>", "heir": strings.Repeat("Vintage-1982 ", 7)}

// passwordOf is that of an account, and says whether there is such a one.
func (d *door) passwordOf(name string) (password string, known bool) {
	if name == keeper {
		return d.password, true
	}
	password, known = guests[name]
	return password, known
}

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
	d := &door{config: config, password: config.Password(), tokens: kernel.NewStore(limits, func(t token) string { return t.Text })}
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
		Finish: func(_ *doorCall, a *doorAnswer) {
			if a.Header.Set("Cache-Control", "no-store"); a.Members != nil {
				a.Header.Set("Content-Type", "application/json")
			}
		},
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
	right, known := c.server.passwordOf(name)
	tried := c.server.Try(name, known, c.Now, password, func() bool { return known && kernel.SamePassword(right, password) })
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
	scheme, text, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
	bearer := strings.EqualFold(scheme, "Bearer")
	if cookie, err := c.Request.Cookie("door"); err == nil && !bearer {
		text = cookie.Value
	}
	held, known := c.server.tokens.Find(text)
	if !known || !c.server.config.Rules.Live(c, held) {
		return nil, &kernel.Problem{Status: http.StatusUnauthorized, Message: "The door stays shut.", Header: http.Header{"Www-Authenticate": {"Bearer"}}}
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
