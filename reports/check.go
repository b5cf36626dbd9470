package reports

import (
	"fmt"
	"strings"
	"time"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// Anchors gives every check of the report a name that no other has: its ID, and where one ID occurs again, as with two
// targets of one profile, the ID with a number. In the page it is what follows HTMLFile and a #.
func Anchors(r *verdict.Report) map[*verdict.Check]string {
	taken, anchors := map[string]int{}, map[*verdict.Check]string{}
	for _, c := range r.Checks() {
		anchors[c] = unique(taken, c.ID, "%s~%d")
	}
	return anchors
}

// runNames gives each run a name that no other run of the report has: its profile, with the target where the profile
// occurs more than once, and with a number where even that does.
func runNames(r *verdict.Report) map[*verdict.Run]string {
	profiles, taken, names := map[string]int{}, map[string]int{}, map[*verdict.Run]string{}
	for _, run := range r.Runs {
		profiles[run.Profile]++
	}
	for i := range r.Runs {
		run := &r.Runs[i]
		name := run.Profile
		if profiles[name] > 1 {
			name += " " + run.Target
		}
		names[run] = unique(taken, name, "%s (%d)")
	}
	return names
}

// Names are what the runs of a report are called among each other: by their profiles, and where several targets are judged by one, by the
// target too, and where even they are alike by a number.
func Names(r *verdict.Report) map[*verdict.Run]string {
	names := runNames(r)
	for run, name := range names {
		names[run] = strings.Replace(name, run.Profile+" ", run.Profile+" at ", 1)
	}
	return names
}

// Took is how long the making of a report took, in words.
func Took(r *verdict.Report) string { return span(r.Finished.Sub(r.Started).Seconds() * 1000) }

// unique takes a name, or where that is taken the first form of it with a number that is not. What is taken is counted, so that the next
// does not try all that were before it.
func unique(taken map[string]int, name, form string) string {
	free := name
	for n := max(taken[name], 1) + 1; taken[free] > 0; n++ {
		free = fmt.Sprintf(form, name, n)
		taken[name] = n
	}
	taken[free] = 1
	return free
}

// headline says in one line what is wrong with a check.
func headline(c *verdict.Check) string {
	switch {
	case c.Reason != "":
		return c.Reason
	case c.Expected != "" || c.Actual != "":
		return "expected " + c.Expected + ", got " + c.Actual
	default:
		return c.Title
	}
}

// saidTwice says whether the reason of a check has no more to say than what was expected and what was seen.
func saidTwice(c *verdict.Check) bool {
	both := evidence.OneLine("expected " + c.Expected + "; got " + c.Actual)
	return c.Reason == c.Actual || c.Reason == c.Expected || evidence.OneLine(c.Reason) == both
}

// account is that of one check in plain text.
func account(run *verdict.Run, c *verdict.Check) string {
	return filled("account.txt", struct {
		*verdict.Check
		Beside string
		Facts  []string
		Hint   string
	}{c, run.Beside(c), run.Facts(c), run.Hint(c)})
}

// waiverTerm is how long the entry that a report offers would hold.
const waiverTerm = 30 * 24 * time.Hour

// WaiverEntry is a line for a file of waivers that would excuse a check of a run: for this target alone, until 30 days
// after the report. It is YAML, complete as it stands, and waits for a better reason. Nothing in it is a server's text.
func WaiverEntry(r *verdict.Report, run *verdict.Run, c *verdict.Check) string {
	return fmt.Sprintf("- {check: %s, target: %s, reason: %s, expires: %s}",
		yamlText(c.ID), yamlText(run.Target), yamlText("not kept yet: "+c.Title), r.Finished.Add(waiverTerm).UTC().Format(time.DateOnly))
}

// yamlText writes a text as a JSON string, which YAML reads alike. No backtick is left in it, so that it can stand in
// a block of Markdown code.
func yamlText(text string) string {
	quoted, _ := jsonText(printable(text)) // a string can always be encoded
	return strings.ReplaceAll(quoted, "`", `\u0060`)
}

// answer is what came back in an exchange, in one line.
func answer(e evidence.Exchange) string {
	switch {
	case e.Response == nil && e.Error == "":
		return "no response"
	case e.Response == nil:
		return "no response: " + evidence.OneLine(e.Error)
	case e.Error != "":
		return evidence.OneLine(fmt.Sprintf("%d %s (%s)", e.Response.Status, e.Response.Reason, e.Error))
	default:
		return evidence.OneLine(fmt.Sprintf("%d %s", e.Response.Status, e.Response.Reason))
	}
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
	size := verdict.Count(b.Size, "byte", "bytes")
	switch {
	case b.Withheld:
		return ""
	case b.Decoded != "" && b.Cut:
		return "what " + size + " of " + b.Decoded + " hold, cut"
	case b.Decoded != "":
		return "what " + size + " of " + b.Decoded + " hold"
	case b.Binary && b.Cut:
		return "not text: a hex dump of the first part of " + size
	case b.Binary:
		return "not text: a hex dump of " + size
	case b.Cut:
		return "cut: " + size + " were read"
	default:
		return ""
	}
}
