package reports

import (
	"cmp"
	"fmt"
	"io"

	"example.org/conform/harness/verdict"
)

// Text writes the difference for a terminal.
func (d Diff) Text(w io.Writer) error { return fill(w, "diff.txt", d.view()) }

// Markdown writes the difference for a pull request, under 60 KB.
func (d Diff) Markdown(w io.Writer) error {
	view := d.view()
	return view.write(w, "diff.md", view)
}

// diffView is a difference as the templates show it.
type diffView struct {
	*sheet
	Diff
	// Conclusion is the difference in one line.
	Conclusion string
	Sections   []diffSection
}

// diffSection is one list of a difference with its heading.
type diffSection struct {
	Title   string
	Changes []Change
}

func (d Diff) view() diffView {
	state := "No regression"
	switch {
	case len(d.Regressions) > 0:
		state = verdict.Count(len(d.Regressions), "regression", "regressions")
	case d.Regressed():
		state = "A run is no longer conformant"
	}
	conclusion := fmt.Sprintf("%s; %s, %d new, %d gone, %d unchanged",
		state, verdict.Count(len(d.Fixes), "fix", "fixes"), len(d.New), len(d.Gone), d.Unchanged)
	return diffView{&sheet{}, d, conclusion, []diffSection{
		{"Regressions", d.Regressions}, {"Fixes", d.Fixes}, {"Skipped before or now", d.Skips},
		{"Other changes", d.Others}, {"New", d.New}, {"Gone", d.Gone},
	}}
}

// JSON writes the difference with one member more: regressed.
func (d Diff) JSON(w io.Writer) error {
	return EncodeJSON(w, struct {
		Regressed bool `json:"regressed"`
		Diff
	}{d.Regressed(), d})
}

// step is the way from one status or verdict to another; empty is that of a report that does not have it.
func step(from, to any) string {
	before, after := fmt.Sprint(from), fmt.Sprint(to)
	switch {
	case before == after:
		return after + " as before"
	case before == "":
		return "new: " + after
	case after == "":
		return "gone: was " + before
	default:
		return before + " → " + after
	}
}

// tells says whether a check's own words are news: those of a passed or a vanished check are not.
func tells(c Change) bool { return c.After != "" && c.After != verdict.Passed }

// seen is what is news of a check.
func seen(c Change) string {
	if !tells(c) {
		return ""
	}
	return cmp.Or(c.Actual, c.Reason)
}
