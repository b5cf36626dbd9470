package waiver_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/testkit/slip"
	"example.org/conform/harness/verdict"
	"example.org/conform/harness/waiver"
)

// everyField are lists of waivers with every key that there is, as people write them and as programs do.
var everyField = []string{
	`waivers:
  - check: «adaxes-2025.1/ADX-TOK-04/works-until-destroyed»
    target: «https://*.example.com/restApi»
    reason: «vendor ticket 4711»
    expires: «2031-02-28»
  - {requirement: «ADX-TOK-05», profile: «adaxes-2023.2», reason: «"known: old"», expires: «"2031-03-01"»}
`,
	`[{"check": «"adaxes-2025.1/ADX-TOK-04/works-until-destroyed"», "reason": «"x"», "expires": «"2031-02-28"»}, «{}»]`,
	"- requirement: «ADX-TOK-04»\n  profile: «adaxes-2025.1»\n  reason: «x»\n  expires: «2031-02-28»\n  target: «https://*»\n",
}

var withPlace = regexp.MustCompile(`^w\.yaml:[1-9][0-9]*:[1-9][0-9]*: `)

// Whatever a slip of the hand makes of a list of waivers, wherever a secret stands in it: no piece of it is told, and the place is.
func TestNoErrorTellsASecret(t *testing.T) {
	t.Parallel()
	checks := []string{"adaxes-2025.1/ADX-TOK-04/works-until-destroyed", "adaxes-2023.2/ADX-TOK-05/works"}
	refused := 0
	judge := func(text string) {
		list, err := waiver.Parse("w.yaml", []byte(text))
		if err == nil {
			err = waiver.Vet(list, checks)
		}
		if err == nil {
			report := verdict.Report{Runs: []verdict.Run{{Profile: "adaxes-2025.1", Target: "https://h"}}}
			waiver.Apply(&report, list, time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC))
			for _, p := range report.WaiverProblems {
				if slip.Told(p.Problem) != "" {
					t.Errorf("%q: the report has %+v", text, p)
				}
			}
			return
		}
		refused++
		message := err.Error()
		if told := slip.Told(message); told != "" {
			t.Errorf("%q:\nthe error tells %q: %s", text, told, message)
		}
		if strings.ContainsAny(message, "\n\r") || !withPlace.MatchString(message) && !strings.HasPrefix(message, "w.yaml: not UTF-8 text") {
			t.Errorf("%q:\nnot one line with its place: %q", text, message)
		}
	}
	m := slip.New(2)
	for _, template := range everyField {
		for place := range slip.Places(template) {
			for way := range slip.Ways() {
				judge(m.At(template, place, way))
			}
		}
		for range 2000 {
			judge(m.Mix(template))
		}
	}
	if refused < 5000 {
		t.Errorf("only %d lists were refused: that proves little", refused)
	}
}
