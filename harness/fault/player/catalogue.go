// Package player is the catalogue of faults of the player of contracts: what goes wrong with every vendor, as far as a contract has a
// place for it. It is made for each contract, with the contract's own words for what it hands out and for its operations.
package player

import (
	"fmt"
	"maps"
	"net/http"
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
	if kind := d.Given(); kind != "" {
		m.given(kind)
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

// taken are the faults of what is taken for a credential.
func (m *maker) taken(kind string) {
	word := slugOf(kind)
	m.take(fault.Lookups(word, nearly(kind)), "any-"+word, word+"-in-any-case", word+"-by-a-prefix", "longer-"+word+"-accepted",
		word+"-one-character-forgiven", word+"-in-any-order", word+"-last-character-forgiven")
	m.own(word+"-by-the-account-s-name", "a cache has an entry for each account, by its name, and for each credential, by its text", func(c *config) {
		c.Rules.Find = func(c *call, p openapi.Place, text string) (credential, bool) {
			if one, found := c.Find(p, text); found || p.Kind != kind {
				return one, found
			}
			return fault.First(c.All(func(one credential) bool { return one.Kind == kind && one.Live(c.Now) && one.Account == text }))
		}
	})
}

// given are the faults of what accounts were given, and of what has become of that.
func (m *maker) given(kind string) {
	word := slugOf(kind)
	m.taken(kind)
	m.own(word+"-of-one-account-alone", "the list of those that are good was made for the first of them", live(kind, "")(func(c *call, one credential) bool {
		return one.Live(c.Now) && one.Account == c.Accounts()[0].Username
	}))
	m.own("ended-"+word+"-still-good", "the list of those that are good is read when the server starts", live(kind, "")(func(c *call, one credential) bool {
		return c.Now.Before(one.ExpiresAt)
	}))
	m.own("lapsed-"+word+"-still-good", "the date is shown to administrators, and looked at by nobody else", live(kind, "")(func(_ *call, one credential) bool {
		return one.EndedAt.IsZero()
	}))
}

// uses are the faults of which credential is taken for which.
func (m *maker) uses(kind string) {
	word := slugOf(kind)
	m.taken(kind)
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
	if dead := op.DeadStatuses(); len(dead) > 0 && len(takes) == 1 {
		status := http.StatusBadRequest
		if slices.Contains(dead, status) {
			status = http.StatusGone
		}
		m.own(fmt.Sprintf("dead-at-%s-told-%d", word, status), "a gateway looks at the credential first, and has a status of its own for it", seams.Edit(func(c *call, a *answer) {
			if c.Operation == id && slices.Contains(dead, a.Status) && !c.Known() {
				a.Status = status
			}
		}))
	}
	if op.Reissues() != nil {
		m.reissues(op)
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
