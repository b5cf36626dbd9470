package reports

import (
	"fmt"
	"strings"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

func junitCheck(run *verdict.Run, c *verdict.Check) junitCase {
	test := junitCase{
		Name:      printable(c.ID + ": " + c.Title),
		Classname: printable(run.Profile + "." + c.Subject),
		Time:      junitSeconds(c.DurationMs),
	}
	account := printable(plainCheck(c))
	problem := func() *junitProblem {
		return &junitProblem{Message: printable(shortened(evidence.OneLine(headline(c)), messageLimit)), Type: string(c.Level), Text: account}
	}
	switch c.Status {
	case verdict.Passed, verdict.Warned, verdict.Noted, verdict.Waived:
		test.SystemOut = &junitText{account}
	case verdict.Failed:
		test.Failure = problem()
	case verdict.Skipped:
		message := c.Reason
		if c.Remedy != "" {
			message += "; to run it: " + c.Remedy
		}
		test.Skipped = &junitSkipped{printable(shortened(evidence.OneLine(message), messageLimit))}
	case verdict.Inconclusive:
		test.Error = problem()
	default: // a status of a later release: no reader may take it for a pass
		test.Error = problem()
		test.Error.Message = printable(fmt.Sprintf("unknown status %q: %s", c.Status, test.Error.Message))
	}
	return test
}

// headline says in one line what is wrong with a check.
func headline(c *verdict.Check) string {
	if c.Reason != "" {
		return c.Reason
	}
	if c.Expected != "" || c.Actual != "" {
		return "expected " + c.Expected + ", got " + c.Actual
	}
	return c.Title
}

// plainCheck is the account of one check in plain text. That of a passed check names its promise alone; any other
// stands by itself: the promise, what was expected and seen, and the exchanges.
func plainCheck(c *verdict.Check) string {
	var b strings.Builder
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-12s %s\n", label+":", text)
		}
	}
	b.WriteString("\n")
	if c.Status != verdict.Passed {
		line("Status", string(c.Status))
		line("Reason", c.Reason)
		line("Expected", c.Expected)
		line("Actual", c.Actual)
		line("Waiver", c.Waiver)
	}
	line("Requirement", fmt.Sprintf("%s (%s) %s", strings.Join(c.Requirements, ", "), c.Level, c.Statement))
	line("Source", c.Source)
	if c.Status == verdict.Passed {
		return b.String()
	}
	for i, e := range c.Exchanges {
		if i == 0 {
			b.WriteString("Exchanges:\n")
		}
		fmt.Fprintf(&b, "  %d. %s: %s %s -> %s, %s\n", i+1, e.Purpose, e.Request.Method, shortened(e.Request.URL, 1000), answer(e), span(e.DurationMs))
		for _, v := range e.Violations {
			fmt.Fprintf(&b, "     %s at %s: expected %s, got %s\n", v.Requirement, v.Place, v.Expected, v.Actual)
		}
		if e.Response != nil && e.Response.Body != nil && !e.Response.Body.Binary && e.Response.Body.Text != "" {
			fmt.Fprintf(&b, "     %s\n", shortened(evidence.OneLine(e.Response.Body.Text), 600))
		}
	}
	return b.String()
}

// printable replaces the characters that XML 1.0 cannot hold, even escaped: control characters become their Unicode
// pictures (U+2400 and on), so that the reader still sees that there was one; the rest becomes U+FFFD.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t', c == '\n':
			return c
		case c < 0x20: // a carriage return too: an XML parser would make a line feed of it
			return 0x2400 + c
		case c == 0x7f:
			return 0x2421
		case c >= 0x80 && c <= 0x9f: // allowed, and yet terminals obey some of them
			return 0xfffd
		case c == 0xfffe, c == 0xffff:
			return 0xfffd
		case c >= 0x202a && c <= 0x202e, c >= 0x2066 && c <= 0x2069: // they would turn the text around them
			return 0xfffd
		}
		return c
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
