package reports_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"example.org/conform/reports"
)

// required are the members that HAR 1.2 demands, by the place where they stand; the rest is optional.
var required = map[string][]string{
	"log":      {"version", "creator", "entries"},
	"creator":  {"name", "version"},
	"page":     {"startedDateTime", "id", "title", "pageTimings"},
	"entry":    {"startedDateTime", "time", "request", "response", "cache", "timings"},
	"request":  {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"},
	"response": {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"},
	"content":  {"size", "mimeType"},
	"timings":  {"send", "wait", "receive"},
	"postData": {"mimeType", "text"},
}

type object = map[string]any

func has(t *testing.T, kind string, o object) {
	t.Helper()
	for _, name := range required[kind] {
		if v, ok := o[name]; !ok || v == nil {
			t.Errorf("%s lacks %s: %v", kind, name, o)
		}
	}
}

func TestHARHasWhatItsReadersDemand(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]string{
		"sample": render(t, reports.HAR, sample()), "hostile": render(t, reports.HAR, hostileReport()),
		"several": render(t, reports.HAR, several()), "unreachable": render(t, reports.HAR, unreachable()),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var file struct{ Log object }
			if err := json.Unmarshal([]byte(r), &file); err != nil {
				t.Fatal(err)
			}
			has(t, "log", file.Log)
			has(t, "creator", file.Log["creator"].(object))
			same(t, "version", file.Log["version"].(string), "1.2")
			pages := map[string]bool{}
			for _, p := range file.Log["pages"].([]any) {
				page := p.(object)
				has(t, "page", page)
				if pages[page["id"].(string)] {
					t.Errorf("two pages are %s", page["id"])
				}
				pages[page["id"].(string)] = true
			}
			for _, e := range file.Log["entries"].([]any) {
				entry := e.(object)
				has(t, "entry", entry)
				checkEntry(t, entry, pages)
			}
		})
	}
}

func checkEntry(t *testing.T, entry object, pages map[string]bool) {
	t.Helper()
	request, response, timings := entry["request"].(object), entry["response"].(object), entry["timings"].(object)
	has(t, "request", request)
	has(t, "response", response)
	has(t, "content", response["content"].(object))
	has(t, "timings", timings)
	if post, ok := request["postData"].(object); ok {
		has(t, "postData", post)
	}
	if _, err := time.Parse(time.RFC3339, entry["startedDateTime"].(string)); err != nil {
		t.Error(err)
	}
	address := request["url"].(string)
	if u, err := url.ParseRequestURI(address); err != nil || u.Host == "" || strings.ContainsAny(address, "‹› ") {
		t.Errorf("%q is no absolute URL: %v", address, err)
	}
	same(t, "time", entry["time"].(float64), timings["send"].(float64)+timings["wait"].(float64)+timings["receive"].(float64))
	if !pages[fmt.Sprint(entry["pageref"])] {
		t.Errorf("no page is %v", entry["pageref"])
	}
	if comment, _ := entry["comment"].(string); !strings.Contains(comment, "adaxes-20") && !strings.Contains(comment, "before the first check") {
		t.Errorf("the comment %q names no check", comment)
	}
}

func TestHARShowsARedactedQuery(t *testing.T) {
	t.Parallel()
	text := render(t, reports.HAR, sample())
	for _, part := range []string{"?token=%E2%80%B9token-2%E2%80%BA", `"value": "‹token-2›"`, "connection reset by peer"} {
		if !strings.Contains(text, part) {
			t.Errorf("run.har lacks %s", part)
		}
	}
}

// What a terminal or an editor would obey stands in escapes, which programs read as what it was.
func TestHAREscapesWhatIsObeyed(t *testing.T) {
	t.Parallel()
	const said = "a\u009b2J\u202eb\x7f\u2066"
	r := sample()
	r.Runs[0].Checks[0].Exchanges[0].Response.Reason = said
	text := render(t, reports.HAR, r)
	if strings.ContainsAny(text, "\u009b\u202e\x7f\u2066") {
		t.Error("it stands there as it is")
	}
	var file struct{ Log object }
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	for _, e := range file.Log["entries"].([]any) {
		if e.(object)["response"].(object)["statusText"] == said {
			return
		}
	}
	t.Error("nobody reads it any more")
}
