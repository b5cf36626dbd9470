package reports_test

import (
	"fmt"
	"strings"
	"time"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// began is when every made-up run began: a report is a function of its model, so the tests need no clock.
var began = time.Date(2025, 3, 4, 9, 30, 0, 0, time.UTC)

func body(text string) *evidence.Body { return &evidence.Body{Text: text, Size: len(text)} }

// createSession, issueToken and probe are what most checks send.
func createSession(at time.Time) evidence.Exchange {
	return evidence.Exchange{
		Purpose: evidence.Arrange, Operation: "createSession", Started: at, DurationMs: 21.4,
		Request: evidence.Request{
			Method: "POST", URL: "https://adaxes.example.com/restApi/api/authSessions/create",
			Headers: []evidence.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Accept", Value: "application/json"}},
			Body:    body(`{"username":"svc@example.com","password":"‹password-1›"}`),
		},
		Response: &evidence.Response{
			Proto: "HTTP/1.1", Status: 200, Reason: "OK",
			Headers: []evidence.Header{{Name: "Content-Type", Value: "application/json; charset=utf-8"}, {Name: "Date", Value: at.Format(time.RFC1123)}, {Name: "Server", Value: "Microsoft-IIS/10.0"}},
			Body:    body(`{"sessionId":"‹session-1›","expiresAtUtc":"` + at.Add(10*time.Minute).Format(time.RFC3339Nano) + `"}`),
		},
	}
}

func issueToken(at time.Time, n int) evidence.Exchange {
	e := createSession(at)
	e.Operation, e.DurationMs = "createToken", 9.25
	e.Request.URL = "https://adaxes.example.com/restApi/api/auth"
	e.Request.Body = body(`{"sessionId":"‹session-1›"}`)
	e.Response.Body = body(fmt.Sprintf(`{"id":"‹ticket-%d›","token":"‹token-%d›","sid":"S-1-5-21-1-2-3-1104","expiresAtUtc":"%s","applications":["REST API"]}`,
		n, n, at.Add(30*time.Minute).Format(time.RFC3339Nano)))
	return e
}

func destroyToken(at time.Time, n int) evidence.Exchange {
	return evidence.Exchange{
		Purpose: evidence.Act, Operation: "destroyToken", Started: at, DurationMs: 4.8,
		Request: evidence.Request{
			Method: "DELETE", URL: fmt.Sprintf("https://adaxes.example.com/restApi/api/auth?token=‹token-%d›", n),
			Headers: []evidence.Header{{Name: "Adm-Authorization", Value: fmt.Sprintf("‹token-%d›", n)}},
		},
		Response: &evidence.Response{
			Proto: "HTTP/1.1", Status: 200, Reason: "OK",
			Headers: []evidence.Header{{Name: "Content-Length", Value: "2"}, {Name: "Date", Value: at.Format(time.RFC1123)}},
			Body:    body("{}"), Wire: "2 bytes after the blank line",
		},
		Violations: []evidence.Violation{{Requirement: "ADX-DES-01", Place: "status", Expected: "204", Actual: "200"}},
	}
}

// sample is a report with a check of every status.
func sample() *verdict.Report {
	check := func(status verdict.Status, level verdict.Level, requirement, subject, slug, title string) verdict.Check {
		return verdict.Check{
			ID: "adaxes-2025.1/" + requirement + "/" + slug, Requirements: []string{requirement}, Subject: subject, Level: level, Title: title,
			Statement: capital(title) + ".", Source: "Authentication (legacy), " + subject, Status: status,
			Started: began.Add(2 * time.Second), DurationMs: 34.5, Exchanges: []evidence.Exchange{createSession(began.Add(2 * time.Second))},
		}
	}
	failed := check(verdict.Failed, verdict.Must, "ADX-DES-01", "destroy", "answers-204", "answers 204 when it destroys a token")
	failed.Requirements = append(failed.Requirements, "ADX-NOC-01")
	failed.Reason, failed.Expected, failed.Actual = "the status is not the one promised", "204 No Content, with nothing after the blank line", "200 OK with a body of 2 bytes: {}"
	failed.Started, failed.DurationMs = began.Add(3*time.Second), 812.3
	failed.Exchanges = []evidence.Exchange{createSession(began.Add(3 * time.Second)), issueToken(began.Add(3100*time.Millisecond), 2), destroyToken(began.Add(3200*time.Millisecond), 2)}

	dropped := check(verdict.Inconclusive, verdict.Should, "ADX-TOK-11", "token", "several-tokens", "issues several tokens for one session")
	dropped.Reason = "the control failed: the right token was refused before the check began"
	lost := createSession(began.Add(time.Second))
	lost.Response, lost.Error = nil, "read tcp: connection reset by peer"
	dropped.Exchanges = []evidence.Exchange{lost}

	warned := check(verdict.Warned, verdict.Should, "ADX-ERR-02", "error", "names-the-code", "names the reason of a refusal in innerError.code")
	warned.Reason, warned.Expected, warned.Actual = "no innerError", `innerError.code "invalidCredentials"`, `{"message":"Access | denied <b>"}`
	noted := check(verdict.Noted, verdict.Note, "ADX-REN-07", "renewal", "ticket-id", "says whether a renewal changes the ticket id")
	noted.Reason = "the ticket id changed"
	waived := check(verdict.Waived, verdict.Must, "ADX-SES-09", "session", "get-refused", "creates no session on GET")
	waived.Reason, waived.Waiver = "GET answered 302", "known and accepted until the next release, ticket 4711"
	skipped := check(verdict.Skipped, verdict.Must, "ADX-INS-01", "instance", "token-everywhere", "accepts a token on every instance")
	skipped.Reason, skipped.Remedy = "the target lists one instance", "add a second URL under instances"
	skipped.Started, skipped.DurationMs, skipped.Exchanges = time.Time{}, 0, nil
	passed := check(verdict.Passed, verdict.Must, "ADX-SES-01", "session", "creates", "creates a session for a right name and password")
	passed.Started = began.Add(time.Second)

	run := verdict.Run{
		Profile: "adaxes-2025.1", Target: "https://adaxes.example.com/restApi", Catalogue: "adaxes 3, common 1", Contract: "2025.1 (sha256 35bd62d51643)",
		Checks:    []verdict.Check{passed, failed, warned, noted, waived, skipped, dropped},
		Preflight: []evidence.Exchange{createSession(began)}, LeftBehind: []string{"session ‹session-3›"}, WrongPasswords: 1,
		Coverage: &verdict.Coverage{Musts: 5, Examined: 3, InPart: 1, Unselected: 1, Needs: []verdict.Need{
			{What: "instances", Musts: []string{"ADX-INS-01"}, InPart: []string{}, Remedies: []string{"add a second URL under instances"}},
			{What: "wrong passwords", Allowed: true, Musts: []string{}, InPart: []string{"ADX-SES-09"}, Remedies: []string{"set limits.badLogins to 9"}},
		}},
	}
	run.Judge()
	return &verdict.Report{
		Schema: verdict.Schema, Suite: "conform 1.0.0", Started: began, Finished: began.Add(5 * time.Second), Complete: true, Runs: []verdict.Run{run},
	}
}

// several is a report of two profiles at the same system, the second one conformant, and of the first at another target.
func several() *verdict.Report {
	r := sample()
	second := sample().Runs[0]
	second.Profile, second.Checks = "adaxes-2023.2", second.Checks[:1:1]
	second.Checks[0].ID = strings.Replace(second.Checks[0].ID, "2025.1", "2023.2", 1)
	second.Preflight, second.LeftBehind = nil, nil
	second.Coverage = &verdict.Coverage{Musts: 9, Examined: 8, Unselected: 1}
	second.Verdict = ""
	second.Judge()
	third := sample().Runs[0]
	third.Target = "https://other.example.com/restApi"
	r.Runs = append(r.Runs, second, third)
	return r
}

// unreachable is a report of a run that never came to a check.
func unreachable() *verdict.Report {
	r := sample()
	run := verdict.Run{
		Profile: "adaxes-2025.1", Target: "https://adaxes.example.com/restApi", Verdict: verdict.Incomplete,
		Reason: "the target cannot be reached: connection refused", Remedy: "start the server, or correct url in the target file",
	}
	run.Judge()
	r.Runs = []verdict.Run{run}
	return r
}

// attack is text that tries to leave every format that it is put into.
const attack = "</script><script>window.broken=1</script><img src=x onerror=window.broken=1>--><!--]]>&amp;\"'`|\\ [a](javascript:b) ![x](https://evil.example/i.png) @all\n::error::x\r\n\x00\x1b[31m\u2028\ufffe\xff%0A"

// hostileReport is a report in which every text that a server can choose is the attack.
func hostileReport() *verdict.Report {
	r := sample()
	for i := range r.Runs[0].Checks {
		c := &r.Runs[0].Checks[i]
		c.Reason, c.Expected, c.Actual = attack, attack, attack
		for j := range c.Exchanges {
			e := &c.Exchanges[j]
			e.Error = attack
			e.Violations = []evidence.Violation{{Requirement: attack, Place: attack, Expected: attack, Actual: attack}}
			if e.Response != nil {
				e.Response.Reason, e.Response.Proto, e.Response.Wire, e.Response.Body = attack, attack, attack, body(attack)
				e.Response.Headers = []evidence.Header{{Name: attack, Value: attack}}
			}
		}
	}
	large := "<script>" + strings.Repeat("A<b>", 10<<20/4)
	r.Runs[0].Checks[0].Exchanges[0].Response.Body = &evidence.Body{Text: large, Size: len(large)}
	r.Runs[0].Checks[1].Exchanges[0].Response.Body = &evidence.Body{Text: large, Size: len(large)}
	r.Runs[0].Checks[1].Exchanges[1].Response.Body = &evidence.Body{Text: "00000000  00 ff", Binary: true, Size: 2}
	return r
}

// many is a report of n checks with four exchanges each, no two alike.
func many(n int) *verdict.Report {
	r := sample()
	subjects := []string{"session", "token", "renewal", "destroy", "error", "instance", "account", "expiry"}
	run := &r.Runs[0]
	run.Checks = nil
	for i := range n {
		at := began.Add(time.Duration(i) * 37 * time.Millisecond)
		c := sample().Runs[0].Checks[0]
		c.Subject = subjects[i%len(subjects)]
		c.Requirements = []string{fmt.Sprintf("ADX-%s-%02d", strings.ToUpper(c.Subject[:3]), i/8)}
		c.ID = fmt.Sprintf("adaxes-2025.1/%s/check-%d", c.Requirements[0], i)
		c.Title = fmt.Sprintf("keeps promise number %d of the document's %d", i, n)
		c.Started, c.DurationMs = at, float64(20+i*7%400)
		c.Exchanges = []evidence.Exchange{createSession(at), issueToken(at, i), issueToken(at.Add(time.Millisecond), i+n), destroyToken(at, i)}
		switch {
		case i%40 == 7:
			c.Status, c.Expected, c.Actual = verdict.Failed, "204", "200"
		case i%25 == 3:
			c.Status, c.Level, c.Reason = verdict.Warned, verdict.Should, "no innerError"
		case i%20 == 5:
			c.Status, c.Reason, c.Remedy, c.Exchanges, c.Started, c.DurationMs = verdict.Skipped, "the target names no such account", "add accounts.passwordExpired", nil, time.Time{}, 0
		}
		run.Checks = append(run.Checks, c)
	}
	run.Verdict = ""
	run.Judge()
	r.Finished = began.Add(time.Duration(n) * 40 * time.Millisecond)
	return r
}

// wide is a report of one profile at so many targets, with many checks each.
func wide(targets, checks int) *verdict.Report {
	r := many(checks)
	for i := 1; i < targets; i++ {
		run := many(checks).Runs[0]
		run.Target = fmt.Sprintf("https://host-%d.example.com/restApi", i)
		r.Runs = append(r.Runs, run)
	}
	return r
}

// aFleet is so many targets of three requirements, some broken here and there, held against how they were before.
func aFleet(targets int) *verdict.Report {
	r := wide(targets, 80)
	for i := range r.Runs {
		run := &r.Runs[i]
		for j := range run.Checks {
			if c := &run.Checks[j]; c.Broken() && (i+j)%7 > 1 {
				c.Status, c.Expected, c.Actual, c.Reason = verdict.Passed, "", "", ""
			} else if !c.Broken() {
				c.Exchanges = nil
			}
		}
		if i%50 == 9 {
			*run = verdict.Run{Profile: run.Profile, Target: run.Target, Verdict: verdict.Incomplete, Reason: "the server could not be reached", Remedy: "start it", Checks: []verdict.Check{}}
		}
		run.Judge()
	}
	old := wide(targets-2, 80)
	old.Runs[0].Target = "https://gone.example.com/restApi"
	for i := range old.Runs {
		for j := range old.Runs[i].Checks {
			if i%3 == 1 {
				old.Runs[i].Checks[j].Status = verdict.Passed
			}
		}
	}
	r.Since = reports.Since(old, r)
	return r
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
