package verdict

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Coverage says how much of what a profile promises a run has examined: a verdict is one on that and on no more.
type Coverage struct {
	// Musts is the number of MUSTs in the profile, and Examined that of those of which some check was judged.
	Musts    int `json:"musts"`
	Examined int `json:"examined"`
	// InPart counts those of the examined of which some check was not judged.
	InPart int `json:"inPart"`
	// Needs are what the target would have to name or to allow for the rest.
	Needs []Need `json:"needs"`
	// Unselected counts the MUSTs that were not examined because the label filter left them out, Unjudged those that could not be
	// judged though the target has what they need; their checks say why.
	Unselected int `json:"unselected"`
	Unjudged   int `json:"unjudged"`
}

// Need is one thing that checks of MUSTs need and a target lacks.
type Need struct {
	// What is a key of the target, or a word for several.
	What string `json:"what" scrub:"own"`
	// Allowed says that the target would have to allow it, by a limit; otherwise it would have to name it.
	Allowed bool `json:"allowed"`
	// Musts are the requirements that were not examined for want of it, and InPart those that were in part alone.
	Musts  []string `json:"musts" scrub:"own"`
	InPart []string `json:"inPart" scrub:"own"`
	// Remedies say what to add to the target.
	Remedies []string `json:"remedies" scrub:"own"`
}

// Complete reports whether every MUST was examined, and with all its checks.
func (c *Coverage) Complete() bool {
	return c != nil && c.Examined == c.Musts && c.InPart == 0
}

// String says it in one line: "62 of 84 MUSTs; 22 need lifetimes or accounts that the target does not name".
func (c *Coverage) String() string {
	all := fmt.Sprintf("all %d MUSTs", c.Musts)
	if c.Musts == 1 {
		all = "the only MUST"
	}
	text := fmt.Sprintf("%d of %s", c.Examined, Count(c.Musts, "MUST", "MUSTs"))
	if c.Examined == c.Musts {
		text = all
	}
	if c.InPart > 0 {
		text += fmt.Sprintf(", %d of them in part", c.InPart)
		if want := wanted(c.Needs, func(n Need) []string { return n.InPart }); want != "" {
			text += ", for want of " + want
		}
	}
	var rest []string
	add := func(n int, one, many, what string) {
		if n == 1 {
			rest = append(rest, "1 "+one+what)
		} else if n > 1 {
			rest = append(rest, fmt.Sprintf("%d %s%s", n, many, what))
		}
	}
	musts := func(n Need) []string { return n.Musts }
	add(c.Musts-c.Examined-c.Unselected-c.Unjudged, "needs ", "need ", wanted(c.Needs, musts)+lacking(c.Needs))
	add(c.Unselected, "was", "were", " not selected")
	add(c.Unjudged, "was", "were", " not judged, as the checks say")
	if len(rest) > 0 {
		text += "; " + strings.Join(rest, ", ")
	}
	return text
}

// wanted names the needs that have something in a list, those of most first.
func wanted(needs []Need, list func(Need) []string) string {
	var words []string
	needs = slices.Clone(needs)
	slices.SortStableFunc(needs, func(a, b Need) int { return len(list(b)) - len(list(a)) })
	for _, n := range needs {
		if len(list(n)) > 0 && !slices.Contains(words, n.What) {
			words = append(words, n.What)
		}
	}
	if last := len(words) - 1; last > 0 {
		return strings.Join(words[:last], ", ") + " or " + words[last]
	}
	return strings.Join(words, "")
}

// lacking says what the target does not do about the needs of what was not examined.
func lacking(needs []Need) string {
	var name, allow bool
	for _, n := range needs {
		name = name || len(n.Musts) > 0 && !n.Allowed
		allow = allow || len(n.Musts) > 0 && n.Allowed
	}
	switch {
	case name && allow:
		return " that the target does not name or allow"
	case allow:
		return " that the target does not allow"
	}
	return " that the target does not name"
}

// Title is the verdict in words, with what it covers: "conformant in what was examined: 62 of 84 MUSTs; …", and with what it
// leaves out of account: "conformant but for 2 waived: all 84 MUSTs were examined".
func (r *Run) Title() string {
	switch {
	case r.Verdict != Conformant:
		return string(r.Verdict)
	case r.Again != nil && r.Again.Stands: // as it was, and nothing was left to judge
		was := *r
		if was.Again = nil; len(r.Again.Settled) > 0 {
			was.Again = &Again{Finished: r.Again.Finished}
		}
		return was.Title() + "; it stands as the earlier report has it, since nothing was left to judge again"
	case r.Coverage == nil:
		return string(r.Verdict) + butFor(r.Totals)
	case r.Coverage.Complete() && r.Shard == nil:
		were := "were"
		if r.Coverage.Musts == 1 {
			were = "was"
		}
		return fmt.Sprintf("%s%s: %s %s examined", r.Verdict, butFor(r.Totals), r.Coverage, were)
	}
	what := "examined"
	switch {
	case r.Again != nil:
		what = "judged again"
	case r.Shard != nil:
		what = "examined by " + r.Shard.String()
	}
	return fmt.Sprintf("%s%s in what was %s: %s", r.Verdict, butFor(r.Totals), what, r.covered())
}

// covered is what the coverage says, and of what was not selected that an earlier report has it, or another shard.
func (r *Run) covered() string {
	text := r.Coverage.String()
	if r.Shard != nil {
		text = strings.Replace(text, " not selected", " left to other shards or not selected", 1)
		if r.Filter == "" {
			text = strings.Replace(text, " or not selected", "", 1)
		}
	}
	if r.Again != nil {
		text = strings.Replace(text, " not selected", " settled in the report of "+r.Again.Finished.UTC().Format("2006-01-02 15:04 UTC")+" or not selected", 1)
		if r.Filter == "" {
			text = strings.Replace(text, " or not selected", ", and not judged again", 1)
		}
	}
	return text
}

// ButFor says what a conformant report leaves out of account, after a blank: " but for 2 waived". It is empty for any other.
func (r *Report) ButFor() string {
	if r.Outcome() != Conformant {
		return ""
	}
	return butFor(r.Totals())
}

func butFor(t Totals) string {
	if t.Waived == 0 {
		return ""
	}
	return fmt.Sprintf(" but for %d waived", t.Waived)
}

// Examined says what a verdict other than Conformant covers, "" where no check ran: "examined: 62 of 84 MUSTs; …".
func (r *Run) Examined() string {
	if r.Verdict == Conformant || r.Coverage == nil || r.Totals.Executed() == 0 {
		return ""
	}
	return "examined: " + r.covered()
}

// SkippedFor says in one line how many checks were skipped, and for want of what: "39 skipped: 24 need `lifetimes`, 11
// `instances`, 4 `accounts.disabled`". It is empty where none was.
func (r *Run) SkippedFor() string {
	keys, reasons := map[string]int{}, map[string]int{}
	for _, c := range r.Checks {
		switch {
		case c.Status != Skipped:
		case len(c.Lacks) > 0:
			keys["`"+strings.Join(c.Lacks, "` and `")+"`"]++
		default:
			reasons[c.Reason]++
		}
	}
	if len(keys)+len(reasons) == 0 {
		return ""
	}
	var parts []string
	for i, key := range byNumber(keys) {
		verb := ""
		if i == 0 {
			verb = "need "
			if keys[key] == 1 {
				verb = "needs "
			}
		}
		parts = append(parts, fmt.Sprintf("%d %s%s", keys[key], verb, key))
	}
	text := strings.Join(parts, ", ")
	for _, reason := range byNumber(reasons) {
		if text != "" {
			text += fmt.Sprintf("; %d since ", reasons[reason])
		} else if len(reasons) > 1 {
			text = fmt.Sprintf("%d since ", reasons[reason])
		}
		text += reason
	}
	return fmt.Sprintf("%d skipped: %s", r.Totals.Skipped, text)
}

// byNumber are the keys of what is counted, the most frequent first.
func byNumber(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	})
}

// Whole reports whether every run has examined all that its profile promises.
func (r *Report) Whole() bool {
	return !slices.ContainsFunc(r.Runs, func(run Run) bool { return !run.Coverage.Complete() })
}
