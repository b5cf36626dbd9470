package player

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
	"example.org/conform/openapi"
)

// form is how the credentials of a hand-out are written, so that they fit where the contract has them.
type form int

// forms are what credentials look like, the one that is hardest to send first.
var forms = []func() string{
	newText, random.GUID, func() string { return fmt.Sprintf("%x", random.Bytes(16)) }, func() string { return fmt.Sprintf("%x", random.Bytes(32)) },
	func() string { return random.Token(64) }, func() string { return strconv.Itoa(100_000_000 + random.Below(900_000_000)) },
}

// rehearse finds the form in which what is handed out fits its place.
func (s *Server) rehearse(h *openapi.HandOut) (err error) {
	for i := range forms {
		s.forms[h] = form(i)
		c := &Call{Call: kernel.Call{Now: s.config.Clock(), Request: &http.Request{}}, server: s, op: h.By}
		made := s.stated(h, s.born(Birth{Hand: h, Account: s.accounts[0].Username}, c.Now), c)
		if err = fits(h.By, made); err == nil {
			return nil
		}
	}
	return err
}

// unit is the precision in which the end of what is handed out is stated, and so kept.
func unit(h *openapi.HandOut) time.Duration {
	switch h.EndsAs {
	case "", "date-time", openapi.EndsAtMilliseconds, openapi.EndsInMilliseconds:
		return time.Millisecond
	}
	return time.Second
}

// born makes a credential.
func (s *Server) born(b Birth, now time.Time) Credential {
	h := b.Hand
	lives := s.lifetime(h)
	if h.Relative() { // whole units from the answer on
		lives = lives.Truncate(unit(h))
		if lives < s.lifetime(h) {
			lives += unit(h)
		}
	}
	one := Credential{Kind: h.Kind, Account: b.Account, Since: now, Names: map[string]string{}, hand: h}
	one.ExpiresAt = now.Add(lives)
	if h.Ends != "" && !h.Relative() {
		one.ExpiresAt = kernel.TimeRules{TimeUnit: unit(h)}.Ends(now, lives)
	}
	if of := b.Original; !of.IsZero() && unit(h) < time.Second && !one.ExpiresAt.After(of) {
		one.ExpiresAt = of.Add(unit(h)) // a renewal in the same moment ends later all the same
	}
	if one.Text = forms[s.forms[h]](); h.EndsAs == openapi.EndsInJWT && h.Ends == h.Value {
		one.Text = token(one)
	}
	for name, of := range h.Names {
		one.Names[name] = newText()
		if types := h.By.TypesAt(of.Value); len(types) > 0 && !slices.Contains(types, "string") {
			one.Names[name] = strconv.Itoa(100_000_000 + random.Below(900_000_000))
		}
	}
	return one
}

// token writes a credential as a JWT whose signature is a random text: nobody looks into it but for its end.
func token(c Credential) string {
	segment := func(members map[string]any) string {
		text, _ := json.Marshal(members) // texts and numbers can always be written
		return base64.RawURLEncoding.EncodeToString(text)
	}
	return segment(map[string]any{"alg": "HS256", "typ": "JWT"}) + "." +
		segment(map[string]any{"sub": c.Account, "exp": c.ExpiresAt.Unix(), "jti": random.ID(16)}) + "." + random.ID(32)
}

// stated is the answer that hands out a credential: it, its other names, and its end, each where the contract has it.
func (s *Server) stated(h *openapi.HandOut, one Credential, c *Call) *openapi.Made {
	made := h.By.Granting()
	one.ExpiresAt = s.config.Rules.States(c, one)
	put := func(e openapi.Expression, text string, attributes ...string) {
		var value any = text
		if types := h.By.TypesAt(e); len(types) > 0 && !slices.Contains(types, "string") {
			if number, err := strconv.ParseInt(text, 10, 64); err == nil {
				value = number
			}
		}
		made.Put(e, value, attributes...)
	}
	attributes := []string{"Path=/", "HttpOnly"}
	if c.Request.TLS != nil {
		attributes = append(attributes, "Secure")
	}
	if h.EndsAs == openapi.EndsWithCookie && h.Ends == h.Value {
		attributes = append(attributes, "Max-Age="+seconds(one.ExpiresAt.Sub(c.Now)))
	}
	put(h.Value, one.Text, attributes...)
	user := s.user(h, made, c)
	for name, of := range h.Names {
		text := one.Names[name]
		if s.ready(h.Kind) == name {
			text = base64.StdEncoding.EncodeToString([]byte(user + ":" + one.Text))
		}
		put(of.Value, text)
	}
	if user != "" {
		s.records.Change(one.Kind+" "+one.Text, func(kept *Credential) { kept.User = user })
	}
	switch {
	case h.Ends == "" || h.Ends == h.Value:
	case h.EndsAs == openapi.EndsWithCookie:
		put(h.Ends, random.ID(8), append(attributes, "Max-Age="+seconds(one.ExpiresAt.Sub(c.Now)))...)
	default:
		put(h.Ends, written(h, one, c.Now))
	}
	return made
}

// written is the end of a credential in the form that the contract has.
func written(h *openapi.HandOut, one Credential, now time.Time) string {
	switch h.EndsAs {
	case openapi.EndsAtSeconds:
		return strconv.FormatInt(one.ExpiresAt.Unix(), 10)
	case openapi.EndsAtMilliseconds:
		return strconv.FormatInt(one.ExpiresAt.UnixMilli(), 10)
	case openapi.EndsInSeconds:
		return seconds(one.ExpiresAt.Sub(now))
	case openapi.EndsInMilliseconds:
		return strconv.FormatInt(one.ExpiresAt.Sub(now).Milliseconds(), 10)
	case openapi.EndsInJWT:
		return token(one)
	case openapi.EndsAsHTTP:
		return one.ExpiresAt.UTC().Format(http.TimeFormat)
	}
	return kernel.TimeRules{TimeUnit: unit(h)}.Time(one.ExpiresAt)
}

func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }

// scheme is that of a place which takes credentials of a kind as Basic has them, the zero scheme where there is none.
func (s *Server) scheme(kind string) (found openapi.Scheme) {
	for _, op := range s.config.Contract.Operations() {
		for _, p := range op.Takes() {
			if p.Kind == kind && (p.Scheme.User != "" || p.Scheme.Ready != "") {
				return p.Scheme
			}
		}
	}
	return found
}

func (s *Server) ready(kind string) string { return s.scheme(kind).Ready }

// user is the name that goes with a credential, as its answer or the request for it has it.
func (s *Server) user(h *openapi.HandOut, made *openapi.Made, c *Call) string {
	e := s.scheme(h.Kind).User
	if e == "" {
		return ""
	}
	a := made.Answer()
	text, _ := e.Read(openapi.Exchange{RequestBody: c.Body, Body: a.Body, Header: a.Header})
	if strings.HasPrefix(string(e), "$request.") && text == "" {
		return c.server.accounts[0].Username
	}
	return text
}
