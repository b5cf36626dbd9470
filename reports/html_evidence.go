package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// exchangeView is one exchange as the page shows it.
type exchangeView struct {
	evidence.Exchange
	Number    int
	Answer    string
	Class     string // the hundred of the status, "none" without a response
	Open      bool
	Curl      string
	Variables []string
	// RequestNote and ResponseNote say how a body shown differs from the one that was sent.
	RequestNote, ResponseNote string
}

// Path is what tells an address from the others of the target: all but scheme and host.
func (v exchangeView) Path() string {
	_, rest, found := strings.Cut(v.Request.URL, "://")
	if slash := strings.Index(rest, "/"); found && slash >= 0 {
		return rest[slash:]
	}
	return v.Request.URL
}

// valueLimit is the longest URL or header value in the page, in bytes.
const valueLimit = 4000

// newExchangeView cuts an exchange to what a page can hold: bodies to limit bytes.
func newExchangeView(e evidence.Exchange, number, limit int) exchangeView {
	var v exchangeView
	e.Request.Body, v.RequestNote = shortBody(e.Request.Body, limit)
	if v.Curl, v.Variables = Curl(e); len(v.Curl) > 2*valueLimit+limit {
		v.Curl, v.Variables = "# too long to be shown: report.json holds the request", nil
	}
	e.Request.URL = shortened(e.Request.URL, valueLimit)
	e.Request.Headers = shortHeaders(e.Request.Headers)
	if e.Response != nil {
		response := *e.Response
		response.Headers = shortHeaders(response.Headers)
		response.Body, v.ResponseNote = shortBody(response.Body, limit)
		response.Wire = shortened(response.Wire, valueLimit)
		e.Response = &response
	}
	e.Error = shortened(e.Error, valueLimit)
	violations := make([]evidence.Violation, 0, min(len(e.Violations), 50))
	for _, v := range e.Violations[:min(len(e.Violations), 50)] {
		v.Expected, v.Actual, v.Place = shortened(v.Expected, 600), shortened(v.Actual, 600), shortened(v.Place, 200)
		violations = append(violations, v)
	}
	e.Violations = violations
	v.Exchange, v.Number, v.Answer = e, number, shortened(answer(e), 300)
	v.Class = "none"
	if e.Response != nil {
		v.Class = fmt.Sprint(e.Response.Status / 100)
	}
	v.Open = e.Purpose == evidence.Act || e.Error != "" || len(e.Violations) > 0
	return v
}

func shortHeaders(headers []evidence.Header) []evidence.Header {
	list := make([]evidence.Header, 0, min(len(headers), 100))
	for _, h := range headers[:min(len(headers), 100)] {
		list = append(list, evidence.Header{Name: shortened(h.Name, 200), Value: shortened(h.Value, valueLimit)})
	}
	return list
}

func shortBody(b *evidence.Body, limit int) (*evidence.Body, string) {
	if b == nil {
		return nil, ""
	}
	to := *b
	note := bodyNote(b)
	if len(b.Text) > limit {
		to.Text, to.Cut = cut(b.Text, limit), true
		note = fmt.Sprintf("the first %d of %s; report.json holds what was kept", len(to.Text), count(b.Size, "byte", "bytes"))
	}
	return &to, note
}

// staticBudget bounds what stands in the page itself.
type staticBudget struct{ bytes, opened int }

func newStaticBudget() *staticBudget { return &staticBudget{bytes: 600 << 10} }

// exchanges gives the exchanges of a check while there is room for them.
func (b *staticBudget) exchanges(c *verdict.Check) []exchangeView {
	if b.bytes <= 0 {
		return nil
	}
	var views []exchangeView
	for i, e := range c.Exchanges {
		v := newExchangeView(e, i+1, 8<<10)
		views = append(views, v)
		b.bytes -= 2000 + 2*(len(v.Curl)+len(v.Request.URL))
		for _, body := range []*evidence.Body{v.Request.Body, bodyOf(v.Response)} {
			if body != nil {
				b.bytes -= len(body.Text)
			}
		}
	}
	return views
}

func bodyOf(r *evidence.Response) *evidence.Body {
	if r == nil {
		return nil
	}
	return r.Body
}

// open says whether the next broken check is shown open: the first three are what a reader came for.
func (b *staticBudget) open() bool {
	b.opened++
	return b.opened <= 3
}

// evidenceStore is the evidence of the page: JSON in which every distinct text stands once, since a thousand checks
// send much the same headers. The script looks a check up by its anchor when it is opened.
type evidenceStore struct {
	text []byte
	note string
	err  error
}

// evidenceBytes is how much evidence the page holds. With the checks themselves a page stays below 5 MB.
const evidenceBytes = 3 << 20

// fill cuts bodies ever shorter until the evidence fits, and then leaves out exchanges: of passed checks, of all.
func (s *evidenceStore) fill(r *verdict.Report, anchors [][]string) {
	for i, try := range []struct {
		limit int
		keep  func(verdict.Status) bool
		note  string
	}{
		{32 << 10, anyStatus, ""},
		{4 << 10, anyStatus, "bodies are cut to 4 KB"},
		{1 << 10, anyStatus, "bodies are cut to 1 KB"},
		{256, anyStatus, "bodies are cut to 256 bytes"},
		{1 << 10, broken, "only the exchanges of checks that did not pass are shown, and bodies are cut to 1 KB"},
		{256, func(status verdict.Status) bool { return status == verdict.Failed }, "only the exchanges of failed checks are shown, and bodies are cut to 256 bytes"},
		{0, func(verdict.Status) bool { return false }, "exchanges are left out"},
	} {
		t := newTable()
		for j := range r.Runs {
			run := &r.Runs[j]
			t.add(preflightKey(j), run.Preflight, try.limit)
			for k := range run.Checks {
				if c := &run.Checks[k]; try.keep(c.Status) {
					t.add(anchors[j][k], c.Exchanges, try.limit)
				}
			}
			if t.bytes > 2*evidenceBytes { // a rough count is enough to see that it cannot fit
				break
			}
		}
		if t.bytes > 2*evidenceBytes && try.limit > 0 {
			continue
		}
		if s.text, s.err = t.encode(); s.err != nil || len(s.text) <= evidenceBytes {
			if i > 0 {
				s.note = "To keep this page quick, " + try.note + ". report.json and run.har hold everything."
			}
			return
		}
	}
}

func anyStatus(verdict.Status) bool { return true }
func broken(s verdict.Status) bool  { return s != verdict.Passed && s != verdict.Skipped }

// table is the evidence with its texts numbered.
type table struct {
	Texts  []string              `json:"texts"`
	Checks map[string][]tableRow `json:"checks"`
	at     map[string]int
	bytes  int
}

// tableRow is one exchange; every number that stands for a text is its place in Texts. The names are short because
// there are thousands of rows; the script reads them back.
type tableRow struct {
	Purpose    int      `json:"p"`
	Operation  int      `json:"o"`
	Started    int      `json:"t"`
	Took       int      `json:"d"`
	Method     int      `json:"m"`
	URL        int      `json:"u"`
	Headers    []int    `json:"h,omitempty"` // name, value, name, value, …
	Body       *[2]int  `json:"b,omitempty"` // text, note
	Answer     int      `json:"a"`
	Class      int      `json:"c"`
	Proto      int      `json:"x"`
	Answered   []int    `json:"H,omitempty"`
	Answerer   *[2]int  `json:"B,omitempty"`
	Wire       int      `json:"w,omitempty"` // 0 is the empty text
	Open       bool     `json:"k,omitempty"`
	Violations [][4]int `json:"v,omitempty"` // requirement, place, expected, actual
	Curl       []int    `json:"q"`           // its lines
	Variables  []int    `json:"V,omitempty"`
}

func newTable() *table {
	return &table{Texts: []string{""}, Checks: map[string][]tableRow{}, at: map[string]int{"": 0}}
}

func (t *table) text(text string) int {
	n, known := t.at[text]
	if !known {
		n = len(t.Texts)
		t.at[text] = n
		t.Texts = append(t.Texts, text)
		t.bytes += len(text)
	}
	t.bytes += 4
	return n
}

func (t *table) add(key string, exchanges []evidence.Exchange, limit int) {
	for i, e := range exchanges {
		v := newExchangeView(e, i+1, limit)
		row := tableRow{
			Purpose: t.text(string(v.Purpose)), Operation: t.text(v.Operation), Started: t.text(v.Clock()), Took: t.text(span(v.DurationMs)),
			Method: t.text(v.Request.Method), URL: t.text(v.Request.URL), Headers: t.headers(v.Request.Headers),
			Body: t.body(v.Request.Body, v.RequestNote), Answer: t.text(v.Answer), Class: t.text(v.Class), Open: v.Open,
		}
		if v.Response != nil {
			row.Proto, row.Answered = t.text(v.Response.Proto), t.headers(v.Response.Headers)
			row.Answerer, row.Wire = t.body(v.Response.Body, v.ResponseNote), t.text(v.Response.Wire)
		}
		for _, f := range v.Violations {
			row.Violations = append(row.Violations, [4]int{t.text(f.Requirement), t.text(f.Place), t.text(f.Expected), t.text(f.Actual)})
		}
		for line := range strings.SplitSeq(v.Curl, "\n") {
			row.Curl = append(row.Curl, t.text(line))
		}
		for _, name := range v.Variables {
			row.Variables = append(row.Variables, t.text(name))
		}
		t.Checks[key] = append(t.Checks[key], row)
	}
}

func (t *table) headers(headers []evidence.Header) []int {
	var list []int
	for _, h := range headers {
		list = append(list, t.text(h.Name), t.text(h.Value))
	}
	return list
}

func (t *table) body(b *evidence.Body, note string) *[2]int {
	if b == nil {
		return nil
	}
	return &[2]int{t.text(b.Text), t.text(note)}
}

// encode relies on json.Marshal writing <, > and & as escapes, and U+2028 and U+2029 too.
func (t *table) encode() ([]byte, error) {
	text, err := json.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("encoding the evidence: %w", err)
	}
	return bytes.TrimSpace(text), nil
}

// Clock is the time of day at which the exchange began, in UTC.
func (v exchangeView) Clock() string { return v.Started.UTC().Format("15:04:05.000") }
