package reports

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"strings"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// The parts of HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) that evidence can fill. Sizes that are not
// known are -1, as the format has it; lists that it requires are never null. Its pairs of name and value are those of
// evidence.
type (
	harLog struct {
		Version string `json:"version"`
		Creator struct {
			Name    string `json:"name"`
			Version string `json:"version"`
		} `json:"creator"`
		Pages   []harPage  `json:"pages"`
		Entries []harEntry `json:"entries"`
		Comment string     `json:"comment"`
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
		Timings  struct {
			Send    float64 `json:"send"`
			Wait    float64 `json:"wait"`
			Receive float64 `json:"receive"`
		} `json:"timings"`
		Comment string `json:"comment"`
	}
	harMessage struct {
		HTTPVersion string            `json:"httpVersion"`
		Cookies     []struct{}        `json:"cookies"`
		Headers     []evidence.Header `json:"headers"`
		HeadersSize int               `json:"headersSize"`
		BodySize    int               `json:"bodySize"`
	}
	harRequest struct {
		Method string `json:"method"`
		URL    string `json:"url"`
		harMessage
		QueryString []evidence.Header `json:"queryString"`
		PostData    *harPostData      `json:"postData,omitempty"`
	}
	harPostData struct {
		MimeType string     `json:"mimeType"`
		Params   []struct{} `json:"params"`
		Text     string     `json:"text"`
		Comment  string     `json:"comment,omitempty"`
	}
	harResponse struct {
		Status     int    `json:"status"`
		StatusText string `json:"statusText"`
		harMessage
		Content     harContent `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		Error       string     `json:"_error,omitempty"`
	}
	harContent struct {
		Size     int    `json:"size"`
		MimeType string `json:"mimeType"`
		Text     string `json:"text,omitempty"`
		Comment  string `json:"comment,omitempty"`
	}
)

// HAR writes the exchanges of all checks as HTTP Archive 1.2, redacted as they are stored, so that a browser's
// developer tools can open them. Each check is a page; the comment of an entry names its check.
func HAR(w io.Writer, r *verdict.Report) error {
	log := harLog{
		Version: "1.2", Pages: []harPage{}, Entries: []harEntry{},
		Comment: "Secrets are replaced by names such as ‹token-2›. " +
			"Times were not taken for the parts of an exchange: all of it stands under wait.",
	}
	log.Creator.Name, log.Creator.Version, _ = strings.Cut(r.Suite, " ")
	anchors := Anchors(r)
	for i := range r.Runs {
		run := &r.Runs[i]
		log.add(fmt.Sprintf("%s/preflight/%d", run.Profile, i+1), "before the first check: "+run.Target, run.Preflight)
		for j := range run.Checks {
			c := &run.Checks[j]
			log.add(anchors[c], c.ID+": "+c.Title, c.Exchanges)
		}
	}
	return EncodeJSON(w, map[string]harLog{"log": log})
}

func (l *harLog) add(page, title string, exchanges []evidence.Exchange) {
	for i, e := range exchanges {
		started := e.Started.UTC().Format("2006-01-02T15:04:05.000Z")
		if i == 0 {
			l.Pages = append(l.Pages, harPage{Started: started, ID: page, Title: title})
		}
		entry := harEntry{
			Page: page, Started: started, Time: max(e.DurationMs, 0), Request: harRequestOf(e), Response: harResponseOf(e),
			Comment: fmt.Sprintf("%s (%s, %s)", title, e.Purpose, e.Operation),
		}
		entry.Timings.Wait = entry.Time
		l.Entries = append(l.Entries, entry)
	}
}

// harMessageOf is what a request and a response have in common. A message without a body has the size that is given.
func harMessageOf(version string, headers []evidence.Header, b *evidence.Body, size int) harMessage {
	if b != nil {
		size = b.Size
	}
	headers = append([]evidence.Header{}, headers...)
	return harMessage{HTTPVersion: version, Cookies: []struct{}{}, Headers: headers, HeadersSize: -1, BodySize: size}
}

func harRequestOf(e evidence.Exchange) harRequest {
	version := "HTTP/1.1"
	if e.Response != nil && e.Response.Proto != "" {
		version = e.Response.Proto
	}
	request := harRequest{
		Method: e.Request.Method, URL: harURL(e.Request.URL), QueryString: []evidence.Header{},
		harMessage: harMessageOf(version, e.Request.Headers, e.Request.Body, 0),
	}
	if _, query, found := strings.Cut(e.Request.URL, "?"); found {
		for part := range strings.SplitSeq(query, "&") {
			name, value, _ := strings.Cut(part, "=")
			request.QueryString = append(request.QueryString, evidence.Header{Name: unescaped(name), Value: unescaped(value)})
		}
	}
	if b := e.Request.Body; b != nil {
		kind := header(e.Request.Headers, "Content-Type")
		request.PostData = &harPostData{MimeType: kind, Params: []struct{}{}, Text: b.Text, Comment: bodyNote(b)}
	}
	return request
}

func harResponseOf(e evidence.Exchange) harResponse {
	if e.Response == nil {
		return harResponse{harMessage: harMessageOf("", nil, nil, -1), Error: cmp.Or(e.Error, "no response")}
	}
	from, body := e.Response, cmp.Or(e.Response.Body, &evidence.Body{})
	return harResponse{
		Status: from.Status, StatusText: from.Reason, harMessage: harMessageOf(from.Proto, from.Headers, from.Body, 0),
		Content:     harContent{Size: body.Size, MimeType: header(from.Headers, "Content-Type"), Text: body.Text, Comment: bodyNote(body)},
		RedirectURL: header(from.Headers, "Location"), Error: e.Error,
	}
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
