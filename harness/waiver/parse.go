package waiver

import (
	"strings"

	"example.org/conform/harness/yamlfile"
)

// format is that of a file of waivers. Its bound is far above any.
var format = yamlfile.Format{Kind: "list of waivers", Max: 1 << 20, Filled: true}

// Load reads a file of waivers. See Parse.
func Load(path string) ([]Waiver, error) {
	data, err := format.Load(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data)
}

// Parse reads waivers, YAML or JSON: a list of entries, or a mapping whose one key, waivers, holds that list. An empty
// file holds none. An entry has the keys
//
//	check or requirement   what is excused: exactly one of them
//	target                 optional; URL of the target, in which * stands for any characters
//	profile                optional; the one profile in which a requirement is excused
//	reason                 why, not empty
//	expires                the last day on which it holds, YYYY-MM-DD
//
// Any other key is an error, and so is one that stands twice. An error is one line with the place: name:line:column.
func Parse(name string, data []byte) ([]Waiver, error) {
	doc, err := format.Parse(name, data)
	if err != nil {
		return nil, err
	}
	entries, err := doc.Items("waivers")
	if err != nil {
		return nil, err
	}
	var waivers []Waiver
	for _, entry := range entries {
		w := Waiver{place: entry.Place("")}
		if err := entry.Into(&w); err != nil {
			return nil, err
		}
		if problem := w.incomplete(); problem != "" {
			return nil, entry.Fault("", "%s", problem)
		}
		w.Target, w.Reason = strings.TrimSuffix(w.Target, "/"), strings.Join(strings.Fields(w.Reason), " ")
		waivers = append(waivers, w)
	}
	return waivers, nil
}

// incomplete says what an entry lacks, or has too much.
func (w Waiver) incomplete() string {
	switch {
	case w.Check != "" && w.Requirement != "":
		return "check and requirement are both given; keep one"
	case w.Check == "" && w.Requirement == "":
		return "check or requirement is missing: name what is waived"
	case w.Reason == "":
		return "reason is missing: say why it is waived"
	case w.Expires.IsZero():
		return "expires is missing: give the last day on which it holds, as YYYY-MM-DD"
	}
	return ""
}
