package reports

import (
	"fmt"
	"strings"
	"time"

	"example.org/conform/harness/verdict"
)

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
