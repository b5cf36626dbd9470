// Package player is the catalogue of faults of the player of contracts: what goes wrong with every vendor, as far as a contract has a
// place for it. It is made for each contract, with the contract's own words for what it hands out and for its operations.
package player

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/player"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/openapi"
)

// Catalogue returns the faults that a player of a contract can have.
func Catalogue(d *openapi.Document) fault.Catalogue[player.Config] {
	m := &maker{doc: d}
	for _, op := range d.Operations() {
		if h := op.HandsOut(); h != nil && h.From == "" {
			m.login(op)
		}
	}
	for _, kind := range d.Kinds() {
		m.uses(kind)
		m.time(kind)
		for _, h := range d.HandOuts(kind) {
			m.handing(h)
		}
		for _, e := range d.Ends(kind) {
			m.ends(e)
		}
	}
	for _, op := range d.Operations() {
		m.guarded(op)
		if op.Clears() {
			m.own(slug(op)+"-ends-it", "the server drops what the client was to forget", func(c *config) {
				c.Rules.Cleared = func(c *call, one credential) { c.End(one) }
			})
		}
	}
	m.requests()
	return fault.Catalogue[player.Config]{Profiles: []string{d.Profile()}, Faults: m.faults}
}

// maker makes the catalogue of a contract.
type maker struct {
	doc    *openapi.Document
	faults []fault.Deviation[config]
}

// take takes some of a kind of faults that go wrong with every vendor, by their names.
func (m *maker) take(kind fault.Kind[config], names ...string) {
	for _, name := range names {
		way, known := kind[name]
		if !known {
			panic("harness/fault/player: no fault is called " + name) // a test makes every catalogue that the house has
		}
		way.Name = name
		m.add(way)
	}
}

// own adds a fault of the player's own.
func (m *maker) own(name, story string, apply override) {
	m.add(fault.Deviation[config]{Named: fault.Named{Name: name, Story: story}, Apply: apply})
}

func (m *maker) add(d fault.Deviation[config]) {
	if !slices.ContainsFunc(m.faults, func(known fault.Deviation[config]) bool { return known.Name == d.Name }) {
		m.faults = append(m.faults, d)
	}
}

var noWord = regexp.MustCompile(`[^a-z0-9]+`)

// slug is a name of the contract's as a part of a fault's.
func slug[T interface{ ID() string }](of T) string { return slugOf(of.ID()) }

var capital = regexp.MustCompile("([a-z0-9])([A-Z])")

func slugOf(name string) string {
	return strings.Trim(noWord.ReplaceAllString(strings.ToLower(capital.ReplaceAllString(name, "$1-$2")), "-"), "-")
}

func operation(op *openapi.Operation) kernel.Operation { return kernel.Operation(op.ID()) }

// isJSON says whether what an operation is asked for, or answers, is JSON.
func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// login are the faults of who is let in.
func (m *maker) login(op *openapi.Operation) {
	id, word := operation(op), slug(op)
	m.take(fault.Passwords(passwords), "any-password", "empty-password", "password-in-any-case", "password-cut-short", "password-without-its-end",
		"password-without-its-last-character", "password-trimmed")
	m.take(seams.Rows(word, id), "fourth-failed-"+word+"-in-a-row-500")
	m.own("password-in-a-header-of-"+word, "a header shows the parsed request to developers", seams.Edit(func(c *call, a *answer) {
		if _, password, complete := c.Given(); c.Operation == id && complete {
			a.Header.Set("X-Debug", "pwd="+password)
		}
	}))
	m.own("unknown-name-told-by-"+word, "who is not there is a resource that is not found", seams.RefuseWhere(func(c *call, r *refusal) bool {
		name, _, complete := c.Given()
		_, known := c.Account(name)
		return c.Operation == id && complete && !known
	}, func(r *refusal) { seams.Restate(r, http.StatusNotFound) }))
	m.own("unknown-name-let-in-by-"+word, "who is not there yet is registered on the way", func(c *config) {
		c.Rules.Account = func(c *call, name string) (player.Account, bool) {
			if known, is := c.Account(name); is || c.Operation != id {
				return known, is
			}
			_, password, _ := c.Given()
			return player.Account{Username: c.Accounts()[0].Username, Password: password}, true
		}
	})
	m.own(word+"-forgives-whom-it-knows", "who has a session is let in on its word, as single sign-on does", func(c *config) {
		c.Rules.Matches = func(c *call, a player.Account, given string) bool {
			return given == a.Password || c.Operation == id && c.Known()
		}
	})
	if free := op.Undocumented(); op.Method() == http.MethodPost && !strings.Contains(op.Path(), "{") && len(free) > 0 {
		m.take(seams.Methods(strings.ToLower(op.Path())), strings.ToLower(free[0])+"-accepted")
	}
	m.malformed(op)
}

// malformed are the faults of bodies that are not as the contract has them.
func (m *maker) malformed(op *openapi.Operation) {
	required := op.Required()
	if len(required) == 0 {
		return
	}
	id, word := operation(op), slug(op)
	m.own("malformed-"+word+"-crashes", "nobody catches what the parser throws", seams.RefuseWhere(func(c *call, _ *refusal) bool {
		_, good := op.ReadBody(c.Request.Header.Get("Content-Type"), c.Body)
		return c.Operation == id && !good
	}, func(r *refusal) { seams.Restate(r, http.StatusInternalServerError) }))
	password := member(op, "password")
	if !slices.Contains(required, password) {
		return
	}
	if op.IsForm() {
		m.own(slugOf(password)+"-missing-accepted", "a condition without a value is left out of the query", func(c *config) {
			c.Rules.Requests.Read = func(c *call) (map[string]any, *refusal) {
				if members, refused := c.Read(); refused == nil || c.Operation != id {
					return members, refused
				}
				c.Body = append(c.Body, "&"+password+"="+url.QueryEscape(c.PasswordOf())...)
				return c.Read()
			}
		})
		return
	}
	form := fault.Form{Operation: id, Members: []string{password}}
	if name := member(op, "username"); name != "" {
		form.Members = append(form.Members, name)
	}
	kinds := seams.Mends(form, reads(id), func(c *call, of string) any {
		if of == password {
			return c.PasswordOf()
		}
		return c.Accounts()[0].Username
	})
	m.take(kinds, "body-cut-accepted", "array-accepted")
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		if strings.HasSuffix(name, "-missing-accepted") || strings.HasSuffix(name, "-null-accepted") {
			m.take(kinds, name)
		}
	}
	m.take(seams.Hostile(word, id), word+"-bad-utf-8-crashes")
}

// uses are the faults of which credential is taken for which.
func (m *maker) uses(kind string) {
	word := slugOf(kind)
	m.take(fault.Lookups(word, nearly(kind)), "any-"+word, word+"-in-any-case", word+"-by-a-prefix", "longer-"+word+"-accepted",
		word+"-one-character-forgiven", word+"-last-character-forgiven")
	m.take(fault.Births(word, issuing(kind), (*call).Issue, earlier, (*call).End), word+"-handed-out-again", word+"-ended-by-the-next")
	m.take(fault.Again(word, issuing(kind), (*call).Issue, earlier, (*call).End), "third-"+word+"-dead")
	if len(m.doc.Ends(kind)) > 0 {
		m.take(fault.Memories(word, live(kind, ""), record), word+"-cached-for-two-seconds")
	}
}

// time are the faults of when credentials end by themselves.
func (m *maker) time(kind string) {
	word, h := slugOf(kind), m.doc.HandOuts(kind)[0]
	m.take(fault.Lifetimes(word, live(kind, ""), record), word+"-never-stored", word+"-works-from-its-second-use", word+"-ends-at-half",
		word+"-ends-late", word+"-never-ends")
	if h.Slides {
		m.own(word+"-does-not-slide", "the moment of the last use is written down, and nobody reads it", func(c *config) {
			c.Rules.Used = func(*call, credential) {}
		})
	}
	if h.Ends == "" || h.Relative() || h.EndsAs == openapi.EndsInJWT {
		return
	}
	states := func(later time.Duration) override {
		return func(c *config) {
			c.Rules.States = func(_ *call, one credential) time.Time {
				if one.Kind != kind {
					return one.ExpiresAt
				}
				return one.ExpiresAt.Add(later)
			}
		}
	}
	m.own(word+"-end-stated-an-hour-late", "the hour of summer time is added where everything is in UTC", states(time.Hour))
	m.own(word+"-end-stated-in-the-past", "local time, west of Greenwich, is labelled as UTC", states(-5*time.Hour))
}

// handing are the faults of answers that hand out, and of renewals.
func (m *maker) handing(h *openapi.HandOut) {
	op := h.By
	id, word := operation(op), slug(op)
	m.statuses(op)
	if isJSON(op.ResponseMediaType()) {
		m.take(seams.Bodies(word, func(change func(*answer)) override { return seams.Granted(id, change) }), word+"-cut-short", word+"-without-media-type")
	}
	if h.ByCookie() != "" {
		m.own("cookie-of-"+word+"-open-to-scripts", "the framework has a switch for it, which is off", seams.Granted(id, func(a *answer) {
			for i, cookie := range a.Header["Set-Cookie"] {
				a.Header["Set-Cookie"][i] = strings.ReplaceAll(cookie, "; HttpOnly", "")
			}
		}))
	}
	if !h.Renews() {
		return
	}
	m.own(word+"-gives-a-dead-one", "what renews is signed with the key of the last release", issuing(h.Kind)(func(c *call, b birth) (credential, *refusal) {
		one, refused := c.Issue(b)
		if refused == nil && c.Operation == id {
			c.End(one)
		}
		return one, refused
	}))
	if h.Rotates {
		m.own(word+"-keeps-the-old", "the old one is left to its time", func(c *config) { c.Rules.Renewed = func(*call, credential) {} })
	} else {
		m.own(word+"-ends-the-old", "only one of the two is kept", func(c *config) { c.Rules.Renewed = func(c *call, old credential) { c.End(old) } })
	}
	if len(m.doc.Ends(h.Kind)) > 0 {
		m.own(word+"-of-what-has-ended", "renewals look at the signature and the date, and ends are written down elsewhere",
			live(h.Kind, id)(func(c *call, one credential) bool { return c.Now.Before(one.ExpiresAt) }))
	}
	m.own(word+"-of-what-has-expired", "a renewal is for what has expired, as its makers saw it",
		live(h.Kind, id)(func(_ *call, one credential) bool { return one.EndedAt.IsZero() }))
}

// statuses are the faults of the status of a success.
func (m *maker) statuses(op *openapi.Operation) {
	word, kinds := slug(op), seams.Statuses(slug(op), operation(op), 4)
	if op.Success() != http.StatusAccepted {
		m.take(kinds, word+"-answered-202")
	}
	m.take(kinds, word+"-fails-now-and-then")
}

// ends are the faults of what an order to end does.
func (m *maker) ends(e *openapi.End) {
	op := e.By
	id, word := operation(op), slug(op)
	end := ending(id)
	m.statuses(op)
	m.wire(op)
	m.take(fault.Ends(word, end, (*call).End, ofAccount), word+"-does-nothing")
	if !e.Reach("siblings") {
		m.take(fault.Ends(word, end, (*call).End, ofAccount), word+"-ends-all")
	}
	m.take(fault.Orders(word, end, func(c *call, one credential) { c.EndAll(one) }, ofAccount, same), "every-third-"+word+"-does-nothing")
	for _, reached := range e.Reaches {
		if reached == "account" || reached == "device" {
			m.own(word+"-ends-one-alone", "the list of what the account has is not looked at", end((*call).End))
			continue
		}
		m.own(fmt.Sprintf("%s-spares-its-%s", word, slugOf(reached)), "what belongs together is ended by a job that nobody starts", end(sparing(reached)))
	}
	if slices.Contains(e.Spares, "children") {
		m.own(word+"-ends-its-children", "the database deletes what refers to the row", end(kin(func(one, other credential) bool {
			return other.Parent == one.Text && other.Kind != one.Kind
		})))
	}
	if slices.Contains(e.Spares, "original") {
		m.own(word+"-ends-the-original", "a renewal and what it renews are one row", end(kin(func(one, other credential) bool { return one.Original == other.Text })))
	}
	if slices.Contains(e.Spares, "renewal") {
		m.own(word+"-ends-the-renewal", "a chain of renewals is ended as a whole", end(kin(func(one, other credential) bool { return other.Original == one.Text })))
	}
	if takes := op.Takes(); len(takes) > 1 && takes[0].Kind == takes[1].Kind {
		if slices.Contains(e.Spares, "others") {
			m.own(word+"-ends-the-caller", "who signs another out is signed out too", end(func(c *call, one credential) {
				c.EndCaller()
				c.EndAll(one)
			}))
		}
		if !op.Anonymous() {
			m.own(word+"-by-anybody", "the route is open, since who knows an identifier is taken for its owner", open(id))
		}
	}
	if len(e.Again) > 0 {
		status := http.StatusForbidden
		if slices.Contains(e.Again, status) {
			status = http.StatusConflict
		}
		m.own(fmt.Sprintf("second-%s-%d", word, status), "what has ended is found, and not allowed to end", seams.Edit(func(c *call, a *answer) {
			if c.Operation == id && slices.Contains(e.Again, a.Status) && c.HasEnded() {
				seams.Fail(a, status)
			}
		}))
	}
	if e.Always {
		m.own("second-"+word+"-404", "what is not there, or not any more, is a resource that is not found", seams.Edit(func(c *call, a *answer) {
			if c.Operation == id && a.Refusal == nil && c.HasEnded() {
				seams.Fail(a, http.StatusNotFound)
			}
		}))
	}
}

// wire are the faults of an answer without content on the connection.
func (m *maker) wire(op *openapi.Operation) {
	if op.Success() != http.StatusNoContent {
		return
	}
	path := regexp.MustCompile("^" + regexp.MustCompile(`\\\{[^}]*\\\}`).ReplaceAllString(regexp.QuoteMeta(op.Path()), "[^/]+") + "$")
	sends := func(length, body string) override {
		return seams.Wrap(fault.Connection(func(r, _ *http.Request, a fault.Response) string {
			text := a.Text()
			if a.Status == http.StatusNoContent && r.Method == op.Method() && path.MatchString(r.URL.Path) {
				text = strings.Replace(text, "\r\n\r\n", "\r\nContent-Length: "+length+"\r\n\r\n", 1) + body
			}
			return text
		}))
	}
	m.own(slug(op)+"-with-a-body", "the serializer writes null for nothing", sends("4", "null"))
	m.own(slug(op)+"-with-content-length-zero", "the length of every answer is stated", sends("0", ""))
	m.own(slug(op)+"-garbles-the-next-request", "a filter goes on to wait for a body, and takes what comes next for it", seams.Wrap(
		fault.Connection(func(_, previous *http.Request, a fault.Response) string {
			if previous != nil && previous.Method == op.Method() && path.MatchString(previous.URL.Path) {
				a = fault.Response{Status: http.StatusBadRequest, Body: []byte("Invalid verb.")}
			}
			return a.Text()
		})))
}

// guarded are the faults of whom an operation is open to.
func (m *maker) guarded(op *openapi.Operation) {
	takes := op.Takes()
	if len(takes) == 0 || !takes[0].Authority || op.Anonymous() || op.Clears() {
		return
	}
	id, word, kind := operation(op), slug(op), takes[0].Kind
	if op.Ends() == nil && !(op.HandsOut() != nil && op.HandsOut().Renews()) {
		m.own(word+"-open-to-anybody", "the route was added without the filter that the others stand behind", open(id))
		if len(m.doc.Ends(kind)) > 0 {
			m.own(word+"-by-what-has-ended", "the route looks at the signature and the date alone",
				live(kind, id)(func(c *call, one credential) bool { return c.Now.Before(one.ExpiresAt) }))
		}
	}
	if op.Probes() {
		m.statuses(op)
		m.own("filter-of-"+word+"-passed-by-a-slash", "the filter has a list of paths, and the router behind it is less strict", bySlash(op))
		for _, name := range slices.Sorted(maps.Keys(op.OtherWays)) {
			m.otherWay(op, name)
		}
		if takes[0].In == "header" {
			if takes[0].Name != "Cookie" { // a browser's connection is its own
				m.take(seams.Sticks(fault.InField(takes[0].Name)), "login-sticks-to-the-connection")
			}
			m.take(seams.StrangeTokens(id, takes[0].Name), "quote-crashes")
		}
	}
}

// bySlash opens an operation to anybody who comes by its path with a slash behind it.
func bySlash(op *openapi.Operation) override {
	return func(c *config) {
		seams.Wrap(fault.Before(func(r *http.Request) {
			if path, has := strings.CutSuffix(r.URL.Path, "/"); has && path != "" {
				r.URL.Path, r.URL.RawPath = path, ""
			}
		}))(c)
		c.Rules.Guards = func(c *call) bool {
			asked, _, _ := strings.Cut(c.Request.RequestURI, "?")
			return c.Operation != operation(op) || !strings.HasSuffix(asked, "/")
		}
	}
}

// otherWay are the faults of another way in which a credential is taken.
func (m *maker) otherWay(op *openapi.Operation, name string) {
	p := op.OtherWays[name]
	is := func(other openapi.Place) bool {
		return other.In == p.In && other.Name == p.Name && other.Scheme.Prefix == p.Scheme.Prefix
	}
	m.own("unknown-by-"+slugOf(name), "the other way was documented, and came in a later release", func(c *config) {
		c.Rules.Carried = func(c *call, other openapi.Place) (string, bool) {
			if is(other) {
				return "", false
			}
			return c.Carried(other)
		}
	})
	m.own("anything-by-"+slugOf(name), "the other way is for our own pages, which would not lie", func(c *config) {
		c.Rules.Find = func(c *call, other openapi.Place, text string) (credential, bool) {
			one, found := c.Find(other, text)
			if found || !is(other) || text == "" {
				return one, found
			}
			return fault.First(c.All(func(one credential) bool { return one.Kind == p.Kind && one.Live(c.Now) }))
		}
	})
}

// requests are the faults of how requests may be written, and of what no good client sends.
func (m *maker) requests() {
	names := []string{
		"field-names-in-small-letters-unknown", "value-without-a-blank-refused", "no-accept-refused", "no-user-agent-refused",
		"absolute-form-unknown", "connection-close-refused",
	}
	has := func(is func(*openapi.Operation) bool) bool { return slices.ContainsFunc(m.doc.Operations(), is) }
	if has(func(op *openapi.Operation) bool { return op.RequestMediaType() != "" }) {
		names = append(names, "charset-refused", "chunked-body-unread")
	}
	if has(func(op *openapi.Operation) bool { return isJSON(op.RequestMediaType()) }) {
		names = append(names, "json-over-lines-refused")
	}
	if has(func(op *openapi.Operation) bool {
		takes := op.Takes()
		return len(takes) > 0 && takes[0].Name == "Authorization" && strings.HasSuffix(takes[0].Scheme.Prefix, " ")
	}) {
		names = append(names, "scheme-in-small-letters-refused")
	}
	if has(func(op *openapi.Operation) bool { return len(op.QueryParameters()) > 0 }) {
		names = append(names, "escapes-without-need-refused")
	}
	m.take(seams.Spellings(), names...)
	for _, op := range m.doc.Operations() {
		if len(op.Takes()) > 0 {
			m.take(seams.Hostile(slug(op), operation(op)), slug(op)+"-field-beyond-ascii-crashes")
		}
	}
}
