package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/transform"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// HAR writes the exchanges of all checks as HTTP Archive 1.2, redacted as they are stored, so that a browser's
// developer tools can open them. Each check is a page; the comment of an entry names its check.
func HAR(w io.Writer, r *verdict.Report) error {
	type page struct {
		ID, Title string
		Exchanges []evidence.Exchange
	}
	var view struct {
		Name, Version, JudgedBy string
		Pages                   []page
	}
	view.Name, view.Version, _ = strings.Cut(r.Suite, " ")
	var by []string
	for i := range r.Runs {
		if said := r.Runs[i].JudgedBy(); said != "" {
			by = append(by, r.Runs[i].Profile+": "+said)
		}
	}
	view.JudgedBy = strings.Join(slices.Compact(by), "\n")
	add := func(id, title string, exchanges []evidence.Exchange) {
		if len(exchanges) > 0 {
			view.Pages = append(view.Pages, page{id, title, exchanges})
		}
	}
	anchors := Anchors(r)
	for i := range r.Runs {
		run := &r.Runs[i]
		add(fmt.Sprintf("%s/preflight/%d", run.Profile, i+1), "before the first check: "+run.Target, run.Preflight)
		for j := range run.Checks {
			c := &run.Checks[j]
			add(anchors[c], c.ID+": "+c.Title, c.Exchanges)
		}
		add(fmt.Sprintf("%s/clean-up/%d", run.Profile, i+1), "after the last check: "+run.Target, run.CleanUp)
	}
	var text, indented bytes.Buffer
	if err := fill(&text, HARFile, view); err != nil {
		return err
	}
	if err := json.Indent(&indented, bytes.TrimSpace(text.Bytes()), "", "  "); err != nil { // which reads what it indents
		return fmt.Errorf("indenting JSON: %w", err)
	}
	indented.WriteByte('\n')
	out := transform.NewWriter(w, escaping{})
	_, err := indented.WriteTo(out)
	return errors.Join(err, out.Close())
}

// query is the query of an address in its parts.
func query(address string) []evidence.Header {
	parts := []evidence.Header{}
	if _, query, found := strings.Cut(address, "?"); found {
		for part := range strings.SplitSeq(query, "&") {
			name, value, _ := strings.Cut(part, "=")
			parts = append(parts, evidence.Header{Name: unescaped(name), Value: unescaped(value)})
		}
	}
	return parts
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// parsable is the address with everything escaped that a URL cannot hold: readers of HAR parse it.
func parsable(address string) string { return foreign.ReplaceAllStringFunc(address, url.PathEscape) }

// foreign is a character that no URL holds as it is.
var foreign = regexp.MustCompile(`[^!#-;=?-Z\[\]_a-z~]`)
