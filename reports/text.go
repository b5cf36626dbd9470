package reports

import (
	"fmt"
	"time"
	"unicode/utf8"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// count is the number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// shortened cuts a text after limit bytes, between characters, and says how much it left out.
func shortened(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return cut(text, limit) + fmt.Sprintf("… (%d bytes more)", len(text)-limit)
}

// cut is the longest part of the text that has at most limit bytes and ends between characters.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// span writes a time in milliseconds as people say it.
func span(ms float64) string {
	switch d := time.Duration(ms * float64(time.Millisecond)); {
	case ms <= 0:
		return "0 ms"
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", ms/1000)
	default:
		return d.Round(time.Second).String()
	}
}

// answer is what came back in an exchange, in one line.
func answer(e evidence.Exchange) string {
	if e.Response == nil {
		if e.Error == "" {
			return "no response"
		}
		return "no response: " + evidence.OneLine(e.Error)
	}
	text := evidence.OneLine(fmt.Sprintf("%d %s", e.Response.Status, e.Response.Reason))
	if e.Error != "" {
		text += " (" + evidence.OneLine(e.Error) + ")"
	}
	return text
}

// runNames gives each run a name that no other run of the report has: its profile, with the target where the profile
// occurs more than once, and with a number where even that does.
func runNames(r *verdict.Report) []string {
	profiles := map[string]int{}
	for _, run := range r.Runs {
		profiles[run.Profile]++
	}
	seen := map[string]int{}
	names := make([]string, len(r.Runs))
	for i, run := range r.Runs {
		names[i] = run.Profile
		if profiles[run.Profile] > 1 {
			names[i] += " " + run.Target
		}
		seen[names[i]]++
		if n := seen[names[i]]; n > 1 {
			names[i] += fmt.Sprintf(" (%d)", n)
		}
	}
	return names
}

// outcome is the verdict on a whole report: that of its worst run, and Incomplete when there is none or it was
// interrupted. A waiver that does not hold closes the gate as a broken promise does.
func outcome(r *verdict.Report) verdict.Outcome {
	if len(r.WaiverProblems) > 0 {
		return verdict.Nonconformant
	}
	worst := verdict.Conformant
	if len(r.Runs) == 0 || !r.Complete {
		worst = verdict.Incomplete
	}
	for _, run := range r.Runs {
		switch {
		case run.Verdict == verdict.Nonconformant:
			return verdict.Nonconformant
		case run.Verdict != verdict.Conformant:
			worst = verdict.Incomplete
		}
	}
	return worst
}

// sum adds up the totals of all runs.
func sum(r *verdict.Report) verdict.Totals {
	var all verdict.Totals
	for _, run := range r.Runs {
		all.Passed += run.Totals.Passed
		all.Failed += run.Totals.Failed
		all.Warned += run.Totals.Warned
		all.Noted += run.Totals.Noted
		all.Skipped += run.Totals.Skipped
		all.Waived += run.Totals.Waived
		all.Inconclusive += run.Totals.Inconclusive
	}
	return all
}
