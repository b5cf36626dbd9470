package reports

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"

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
func (v exchangeView) Path() string { return schemeAndHost.ReplaceAllString(v.Request.URL, "/") }

var schemeAndHost = regexp.MustCompile(`^\w+://[^/]+/`)

// Clock is the time of day at which the exchange began, in UTC.
func (v exchangeView) Clock() string { return v.Started.UTC().Format("15:04:05.000") }

// valueLimit is the longest URL or header value in the page, in bytes.
const valueLimit = 4000

// exchangeViews cuts exchanges to what a page can hold: bodies to limit bytes.
func exchangeViews(exchanges []evidence.Exchange, limit int) []exchangeView {
	var views []exchangeView
	for i, e := range exchanges {
		v := exchangeView{Number: i + 1, Class: "none"}
		whole := e
		whole.Request.Body = cutBody(e.Request.Body, limit)
		if v.Curl, v.Variables = Curl(whole); len(v.Curl) > 2*valueLimit+limit {
			v.Curl, v.Variables = "# too long to be shown: report.json holds the request", nil
		}
		e.Request.Body, v.RequestNote = shortBody(e.Request.Body, limit)
		e.Request.URL = visible(shortened(e.Request.URL, valueLimit))
		e.Request.Headers = first(100, e.Request.Headers, shortHeader)
		if e.Response != nil {
			response := *e.Response
			response.Headers = first(100, response.Headers, shortHeader)
			response.Body, v.ResponseNote = shortBody(response.Body, limit)
			response.Wire = shortened(response.Wire, valueLimit)
			e.Response = &response
			v.Class = fmt.Sprint(response.Status / 100)
		}
		e.Error = shortened(e.Error, valueLimit)
		e.Violations = first(50, e.Violations, func(v evidence.Violation) evidence.Violation {
			v.Place, v.Expected, v.Actual = shortened(v.Place, 200), shortened(v.Expected, 600), shortened(v.Actual, 600)
			return v
		})
		v.Exchange, v.Answer = e, shortened(answer(e), 300)
		v.Open = e.Purpose == evidence.Act || e.Error != "" || len(e.Violations) > 0
		views = append(views, v)
	}
	return views
}

// first is a new list of the first n elements, each made short.
func first[T any](n int, list []T, short func(T) T) []T {
	shorter := make([]T, min(n, len(list)))
	for i := range shorter {
		shorter[i] = short(list[i])
	}
	return shorter
}

func shortHeader(h evidence.Header) evidence.Header {
	return evidence.Header{Name: visible(shortened(h.Name, 200)), Value: visible(shortened(h.Value, valueLimit))}
}

// cutBody has limit bytes at most.
func cutBody(b *evidence.Body, limit int) *evidence.Body {
	if b == nil || len(b.Text) <= limit {
		return b
	}
	to := *b
	to.Text, to.Cut = cut(b.Text, limit), true
	return &to
}

// shortBody is a body as the page shows it, with what there is to say of it.
func shortBody(b *evidence.Body, limit int) (*evidence.Body, string) {
	if b == nil {
		return nil, ""
	}
	to, note := *cutBody(b, limit), bodyNote(b)
	if len(b.Text) > limit {
		note = fmt.Sprintf("the first %d of %s; report.json holds what was kept", len(to.Text), verdict.Count(b.Size, "byte", "bytes"))
	}
	to.Text = visibleLines(to.Text)
	return &to, note
}

// visible is a text in which what nobody sees shows: blanks at its ends and control characters as their Unicode pictures, any other
// character without a form by its number. The curl command has them as they are.
func visible(text string) string { return visibleLines(tabs.Replace(text)) }

var tabs = strings.NewReplacer("\t", "␉", "\n", "␊")

// visibleLines is that of a text whose lines and tabs show by themselves.
func visibleLines(text string) string {
	core := strings.TrimRight(strings.TrimLeft(text, " "), " ")
	if core == "" {
		return strings.Repeat("␠", len(text))
	}
	at := strings.Index(text, core)
	text = strings.Repeat("␠", at) + core + strings.Repeat("␠", len(text)-at-len(core))
	if strings.IndexFunc(text, formless) < 0 {
		return text
	}
	var b strings.Builder
	for _, c := range text {
		if formless(c) {
			fmt.Fprintf(&b, "⟦U+%04X⟧", c)
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// formless reports whether a character shows as nothing, or as a plain blank that it is not, or turns what stands around it.
func formless(c rune) bool {
	return c >= 0x80 && (unicode.Is(unicode.Cf, c) || unicode.Is(unicode.Z, c) || unicode.IsControl(c))
}

// evidenceBytes is how much evidence the page holds. With the checks themselves a page stays below 5 MB.
const evidenceBytes = 3 << 20

// pageEvidence is the evidence of the page as JSON, and what it lacks. It cuts bodies ever shorter until the evidence
// fits, and then leaves out exchanges: of passed checks, of all.
func pageEvidence(r *verdict.Report, anchors map[*verdict.Check]string) (text []byte, cuts string, err error) {
	all := func(verdict.Status) bool { return true }
	for _, try := range []struct {
		limit int
		keep  func(verdict.Status) bool
		cuts  string
	}{
		{32 << 10, all, ""},
		{4 << 10, all, "bodies are cut to 4 KB"},
		{1 << 10, all, "bodies are cut to 1 KB"},
		{256, all, "bodies are cut to 256 bytes"},
		{1 << 10, func(s verdict.Status) bool { return s != verdict.Passed && s != verdict.Skipped },
			"only the exchanges of checks that did not pass are shown, and bodies are cut to 1 KB"},
		{256, func(s verdict.Status) bool { return s == verdict.Failed },
			"only the exchanges of failed checks are shown, and bodies are cut to 256 bytes"},
		{0, func(verdict.Status) bool { return false }, "exchanges are left out"},
	} {
		t := table{numbered: newNumbered(), Checks: map[string][]tableRow{}, Scripts: map[string][]int{}}
		for i, run := range r.Runs {
			t.add(fmt.Sprintf("preflight-%d", i+1), run.Preflight, try.limit)
			t.add(fmt.Sprintf("clean-up-%d", i+1), run.CleanUp, try.limit)
		}
		for _, c := range r.Checks() {
			if try.keep(c.Status) && t.bytes <= 2*evidenceBytes { // a rough count is enough to see that it cannot fit
				t.add(anchors[c], c.Exchanges, try.limit)
				if script := wholeScript(c); script != "" {
					t.Scripts[anchors[c]] = t.number(strings.Split(script, "\n")...)
				}
			}
		}
		if t.bytes > 2*evidenceBytes && try.limit > 0 {
			continue
		}
		// Marshal writes <, > and & as escapes, and U+2028 and U+2029 too.
		if text, err = json.Marshal(t); err != nil || len(text) <= evidenceBytes {
			if try.cuts != "" {
				cuts = "To keep this page quick, " + try.cuts + ". report.json and run.har hold everything."
			}
			break
		}
	}
	return text, cuts, err
}

// numbered are texts with their numbers: every distinct text stands once, since a thousand checks say and send much the same.
type numbered struct {
	Texts []string `json:"texts"`
	at    map[string]int
	bytes int
}

func newNumbered() *numbered { return &numbered{Texts: []string{""}, at: map[string]int{"": 0}} }

// number gives the numbers of texts. What a text holds that is not to be read becomes readable, as in the rest of the page.
func (t *numbered) number(texts ...string) []int {
	numbers := make([]int, len(texts))
	for i, text := range texts {
		text = printable(text)
		n, known := t.at[text]
		if !known {
			n = len(t.Texts)
			t.at[text] = n
			t.Texts = append(t.Texts, text)
			t.bytes += len(text)
		}
		t.bytes += 4
		numbers[i] = n
	}
	return numbers
}

// table is the evidence. The script looks a check up by its anchor when it is opened.
type table struct {
	*numbered
	Checks  map[string][]tableRow `json:"checks"`
	Scripts map[string][]int      `json:"scripts"` // lines
}

// tableRow is one exchange; every number stands for a text by its place in Texts. The names are short because there are
// thousands of rows; the script reads them back.
type tableRow struct {
	Line       []int `json:"l"`           // purpose, operation, time, duration, method, URL, answer, class, protocol, what was on the wire, effect
	Headers    []int `json:"h,omitempty"` // name, value, name, value, …
	Body       []int `json:"b,omitempty"` // text, note
	Answered   []int `json:"H,omitempty"` // headers and body of the response
	Answerer   []int `json:"B,omitempty"`
	Open       bool  `json:"k,omitempty"`
	Violations []int `json:"v,omitempty"` // requirement, place, expected, actual, requirement, …
	Curl       []int `json:"q"`           // its lines
	Variables  []int `json:"V,omitempty"`
}

func (t *table) add(key string, exchanges []evidence.Exchange, limit int) {
	for _, v := range exchangeViews(exchanges, limit) {
		row := tableRow{
			Headers: t.headers(v.Request.Headers), Body: t.body(v.Request.Body, v.RequestNote), Open: v.Open,
			Curl: t.number(strings.Split(v.Curl, "\n")...), Variables: t.number(v.Variables...),
		}
		answered := evidence.Response{}
		if v.Response != nil {
			answered = *v.Response
			row.Answered, row.Answerer = t.headers(answered.Headers), t.body(answered.Body, v.ResponseNote)
		}
		row.Line = t.number(string(v.Purpose), v.Operation, v.Clock(), span(v.DurationMs), v.Request.Method, v.Request.URL,
			v.Answer, v.Class, answered.Proto, answered.Wire, string(v.Effect))
		for _, f := range v.Violations {
			row.Violations = append(row.Violations, t.number(f.Requirement, f.Place, f.Expected, f.Actual)...)
		}
		t.Checks[key] = append(t.Checks[key], row)
	}
}

func (t *table) headers(headers []evidence.Header) []int {
	texts := make([]string, 0, 2*len(headers))
	for _, h := range headers {
		texts = append(texts, h.Name, h.Value)
	}
	return t.number(texts...)
}

func (t *table) body(b *evidence.Body, note string) []int {
	if b == nil {
		return nil
	}
	return t.number(b.Text, note)
}
