package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// The parts of HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) that evidence can fill. Sizes that are not
// known are -1, as the format has it; lists that it requires are never null.
type (
	harFile struct {
		Log harLog `json:"log"`
	}
	harLog struct {
		Version string     `json:"version"`
		Creator harCreator `json:"creator"`
		Pages   []harPage  `json:"pages"`
		Entries []harEntry `json:"entries"`
		Comment string     `json:"comment"`
	}
	harCreator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harPage struct {
		Started string   `json:"startedDateTime"`
		ID      string   `json:"id"`
		Title   string   `json:"title"`
		Timings struct{} `json:"pageTimings"`
	}
	harEntry struct {
		Page     string      `json:"pageref"`
		Started  string      `json:"startedDateTime"`
		Time     float64     `json:"time"`
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
		Comment  string      `json:"comment"`
	}
	harRequest struct {
		Method      string       `json:"method"`
		URL         string       `json:"url"`
		HTTPVersion string       `json:"httpVersion"`
		Cookies     []harPair    `json:"cookies"`
		Headers     []harPair    `json:"headers"`
		QueryString []harPair    `json:"queryString"`
		PostData    *harPostData `json:"postData,omitempty"`
		HeadersSize int          `json:"headersSize"`
		BodySize    int          `json:"bodySize"`
	}
	harResponse struct {
		Status      int        `json:"status"`
		StatusText  string     `json:"statusText"`
		HTTPVersion string     `json:"httpVersion"`
		Cookies     []harPair  `json:"cookies"`
		Headers     []harPair  `json:"headers"`
		Content     harContent `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int        `json:"bodySize"`
		Error       string     `json:"_error,omitempty"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harPostData struct {
		MimeType string    `json:"mimeType"`
		Params   []harPair `json:"params"`
		Text     string    `json:"text"`
		Comment  string    `json:"comment,omitempty"`
	}
	harContent struct {
		Size     int    `json:"size"`
		MimeType string `json:"mimeType"`
		Text     string `json:"text,omitempty"`
		Comment  string `json:"comment,omitempty"`
	}
	harTimings struct {
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
)

const harTime = "2006-01-02T15:04:05.000Z"

// HAR writes the exchanges of all checks as HTTP Archive 1.2, redacted as they are stored, so that a browser's
// developer tools can open them. Each check is a page; the comment of an entry names its check.
func HAR(w io.Writer, r *verdict.Report) error {
	name, version, _ := strings.Cut(r.Suite, " ")
	file := harFile{harLog{
		Version: "1.2", Creator: harCreator{name, version}, Pages: []harPage{}, Entries: []harEntry{},
		Comment: "Secrets are replaced by names such as ‹token-2›. Times were not taken for the parts of an exchange: all of it stands under wait.",
	}}
	anchors := anchorsOf(r)
	for i := range r.Runs {
		run := &r.Runs[i]
		preflight := fmt.Sprintf("%s/preflight/%d", run.Profile, i+1)
		file.Log.add(preflight, "before the first check: "+run.Target, run.Preflight)
		for j := range run.Checks {
			c := &run.Checks[j]
			file.Log.add(anchors[i][j], c.ID+": "+c.Title, c.Exchanges)
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(file); err != nil {
		return fmt.Errorf("encoding HAR: %w", err)
	}
	return nil
}

func (l *harLog) add(page, title string, exchanges []evidence.Exchange) {
	for i, e := range exchanges {
		if i == 0 {
			l.Pages = append(l.Pages, harPage{Started: harDate(e.Started), ID: page, Title: title})
		}
		l.Entries = append(l.Entries, harEntry{
			Page: page, Started: harDate(e.Started), Time: max(e.DurationMs, 0),
			Request: harRequestOf(e), Response: harResponseOf(e),
			Timings: harTimings{Wait: max(e.DurationMs, 0)},
			Comment: fmt.Sprintf("%s (%s, %s)", title, e.Purpose, e.Operation),
		})
	}
}

func harDate(t time.Time) string { return t.UTC().Format(harTime) }

func harRequestOf(e evidence.Exchange) harRequest {
	request := harRequest{
		Method: e.Request.Method, URL: harURL(e.Request.URL), HTTPVersion: "HTTP/1.1", Cookies: []harPair{},
		Headers: harHeaders(e.Request.Headers), QueryString: harQuery(e.Request.URL), HeadersSize: -1,
	}
	if e.Response != nil && e.Response.Proto != "" {
		request.HTTPVersion = e.Response.Proto
	}
	if b := e.Request.Body; b != nil {
		request.BodySize = b.Size
		request.PostData = &harPostData{MimeType: header(e.Request.Headers, "Content-Type"), Params: []harPair{}, Text: b.Text, Comment: bodyNote(b)}
	}
	return request
}

func harResponseOf(e evidence.Exchange) harResponse {
	response := harResponse{Cookies: []harPair{}, Headers: []harPair{}, HeadersSize: -1, BodySize: -1, Error: e.Error}
	if e.Response == nil {
		if response.Error == "" {
			response.Error = "no response"
		}
		return response
	}
	response.Status, response.StatusText, response.HTTPVersion = e.Response.Status, e.Response.Reason, e.Response.Proto
	response.Headers = harHeaders(e.Response.Headers)
	response.RedirectURL = header(e.Response.Headers, "Location")
	response.Content.MimeType = header(e.Response.Headers, "Content-Type")
	response.BodySize = 0
	if b := e.Response.Body; b != nil {
		response.BodySize = b.Size
		response.Content = harContent{Size: b.Size, MimeType: response.Content.MimeType, Text: b.Text, Comment: bodyNote(b)}
	}
	return response
}

func harHeaders(headers []evidence.Header) []harPair {
	pairs := make([]harPair, 0, len(headers))
	for _, h := range headers {
		pairs = append(pairs, harPair{h.Name, h.Value})
	}
	return pairs
}

func harQuery(address string) []harPair {
	pairs := []harPair{}
	_, query, found := strings.Cut(address, "?")
	if !found {
		return pairs
	}
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, harPair{unescaped(name), unescaped(value)})
	}
	return pairs
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// harURL is the address with everything escaped that a URL cannot hold: readers of HAR parse it.
func harURL(address string) string {
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// header is the value of the first header of that name, in any letter case.
func header(headers []evidence.Header, name string) string {
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// bodyNote says how the kept text differs from the body that was sent.
func bodyNote(b *evidence.Body) string {
	switch {
	case b.Binary && b.Cut:
		return fmt.Sprintf("not text: a hex dump of the first part of %s", count(b.Size, "byte", "bytes"))
	case b.Binary:
		return fmt.Sprintf("not text: a hex dump of %s", count(b.Size, "byte", "bytes"))
	case b.Cut:
		return fmt.Sprintf("cut: %s were read", count(b.Size, "byte", "bytes"))
	default:
		return ""
	}
}
